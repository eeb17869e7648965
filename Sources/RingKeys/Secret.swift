import Cryptography
import Foundation

/// The 256 bits that a native key is drawn from. Printing or reflecting one shows nothing of it; reports carry the key's
/// fingerprint instead.
public struct Secret: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    /// Length in bytes.
    public static let length = 32

    /// A secret from the system's source of random numbers.
    public static func random() -> Secret { Secret(bytes: Sodium.randomBytes(length)) }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: String) {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == 2 * Self.length, text.utf8.count == digits.count else { return nil }
        bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// Says that it is one, and no more.
    public var description: String { "a secret" }
    /// Without children.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// 64 lower-case hexadecimal digits.
    public var hexadecimal: String { bytes.hexadecimal }

    /// Independent standard normal numbers (docs/key-format.md): HKDF-SHA256 over the secret and a text, ChaCha20's
    /// keystream as little-endian 64-bit words, the upper 53 bits of each as a number in (0, 1], Box and Muller.
    /// - Parameters:
    ///   - count: how many.
    ///   - context: what the numbers are for; another text gives independent numbers.
    public func normals(_ count: Int, context: String) -> [Double] {
        let stream = Sodium.chaCha20((count + 1) / 2 * 16, key: derivedKey(context: context))
        func uniform(_ index: Int) -> Double {
            let word = stream[8 * index..<8 * index + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Double((word >> 11) + 1) * 0x1p-53
        }
        var normals: [Double] = []
        normals.reserveCapacity(count + 1)
        for pair in 0..<(count + 1) / 2 {
            let radius = (-2 * log(uniform(2 * pair))).squareRoot()
            let angle = 2 * Double.pi * uniform(2 * pair + 1)
            normals.append(radius * cos(angle))
            normals.append(radius * sin(angle))
        }
        return Array(normals.prefix(count))
    }

    /// The ChaCha20 key behind `normals(_:context:)`.
    package func derivedKey(context: String) -> [UInt8] {
        Sodium.hkdf(bytes, salt: RingKey.formatName, info: context)
    }
}
