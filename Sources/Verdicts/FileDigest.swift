import Foundation

/// SHA-256 of a file, in 32 bytes.
public struct FileDigest: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let words: SIMD4<UInt64>

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 64, digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
            return nil
        }
        var words = SIMD4<UInt64>()
        for index in 0..<4 {
            let part = String(decoding: digits[index * 16..<index * 16 + 16], as: UTF8.self)
            guard let word = UInt64(part, radix: 16) else { return nil }
            words[index] = word
        }
        self.words = words
    }

    /// In the order of the hexadecimal texts.
    public static func < (a: FileDigest, b: FileDigest) -> Bool {
        for index in 0..<4 where a.words[index] != b.words[index] { return a.words[index] < b.words[index] }
        return false
    }

    /// 64 hexadecimal digits.
    public var description: String {
        (0..<4).map { String(format: "%016lx", words[$0]) }.joined()
    }
}
