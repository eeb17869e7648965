import Foundation
import InputErrors

/// Text that comes from outside: UTF-8, perhaps with a byte order mark before it.
package enum UTF8Text {
    /// What Windows programs put before UTF-8.
    package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The bytes of a text without its byte order mark.
    /// - Parameters:
    ///   - data: the whole text.
    ///   - name: stands for the text in errors.
    /// - Throws: `InputError` for UTF-16 and UTF-32, and for the first byte that is not UTF-8, counted from 0.
    package static func body(of data: Data, named name: String) throws(InputError) -> Data {
        if let other = otherEncoding(data.prefix(4)) {
            throw InputError(name, expected: "UTF-8 text", found: other, as: .textEncoding)
        }
        if let offset = data.withUnsafeBytes({ firstInvalidByte($0.bindMemory(to: UInt8.self)) }) {
            let byte = String(data[data.startIndex + offset], radix: 16)
            throw InputError(
                name, expected: "UTF-8 text", found: "byte 0x\(byte) at offset \(offset)",
                as: .textEncoding)
        }
        return data.starts(with: byteOrderMark) ? data.dropFirst(byteOrderMark.count) : data
    }

    /// The encoding that a text's first bytes give away, in words; nil for UTF-8 and its like.
    package static func otherEncoding(_ beginning: some Collection<UInt8>) -> String? {
        let bytes = Array(beginning.prefix(4))
        switch bytes {
        case [0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]: return "UTF-32 text"
        case let some where some.starts(with: [0xFF, 0xFE]) || some.starts(with: [0xFE, 0xFF]): return "UTF-16 text"
        case let some where some.count > 1 && (some[0] == 0) != (some[1] == 0): return "UTF-16 text"
        default: return nil
        }
    }

    /// Where the first byte lies that is not part of UTF-8; nil where all are.
    static func firstInvalidByte(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        // A key's document is plain letters, and is to become no text.
        if bytes.allSatisfy({ $0 < 0x80 }) || String(validating: bytes, as: UTF8.self) != nil { return nil }
        var parser = Unicode.UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &rest) {
            case .valid(let scalar): offset += scalar.count
            case .error: return offset
            case .emptyInput: return nil
            }
        }
    }
}
