import Cryptography
import Foundation

/// The 256 bits that a native key is drawn from. Printing or reflecting one shows nothing of it; reports carry the key's
/// fingerprint instead. Copies share the bytes, which are wiped with the last of them.
public struct Secret: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    package let bytes: SecretBytes

    /// Holds bytes that were derived from another secret.
    /// - Parameter bytes: `length` of them.
    package init(_ bytes: SecretBytes) {
        precondition(bytes.count == Self.length, "a secret of \(bytes.count) bytes")
        self.bytes = bytes
    }

    /// Length in bytes.
    public static let length = 32

    /// A secret from the system's source of random numbers.
    public static func random() -> Secret { Secret(Sodium.randomBytes(length)) }

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: String) { self.init(digits: text.utf8) }

    /// Reads 64 hexadecimal digits where they lie, without another copy of them; nil for anything else.
    package init?(digits: some Collection<UInt8>) {
        guard digits.count == 2 * Self.length, digits.allSatisfy({ Self.value(of: $0) != nil }) else { return nil }
        bytes = SecretBytes(count: Self.length) { bytes in
            for (index, digit) in digits.enumerated() {
                bytes[index / 2] = bytes[index / 2] << 4 | (Self.value(of: digit) ?? 0)
            }
        }
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Says that it is one, and no more.
    public var description: String { "a secret" }
    /// Without children.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// 64 lower-case hexadecimal digits, in a text that is not wiped.
    public var hexadecimal: String { bytes.withUnsafeBytes { $0.hexadecimal } }

    /// Writes 64 lower-case hexadecimal digits.
    package func write(digitsTo target: UnsafeMutableRawBufferPointer) {
        precondition(target.count == 2 * Self.length, "\(2 * Self.length) digits into \(target.count) bytes")
        bytes.withUnsafeBytes { bytes in
            for (index, byte) in bytes.enumerated() {
                for (place, digit) in [byte >> 4, byte & 15].enumerated() {
                    target[2 * index + place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                }
            }
        }
    }

    /// Independent standard normal numbers (docs/key-format.md): HKDF-SHA256 over the secret and a text, ChaCha20's
    /// keystream as little-endian 64-bit words, the upper 53 bits of each as a number in (0, 1], Box and Muller.
    /// - Parameters:
    ///   - count: how many.
    ///   - context: what the numbers are for; another text gives independent numbers.
    public func normals(_ count: Int, context: String) -> [Double] {
        guard count > 0 else { return [] }
        let stream = Sodium.chaCha20(NormalKeystream.length(count), key: derivedKey(context: context))
        return [Double](unsafeUninitializedCapacity: count) { normals, initialized in
            stream.withUnsafeBytes {
                NormalKeystream.write($0, to: UnsafeMutableBufferPointer(rebasing: normals[..<count]))
            }
            initialized = count
        }
    }

    /// The ChaCha20 key behind `normals(_:context:)`.
    package func derivedKey(context: String) -> SecretBytes {
        Sodium.hkdf(bytes, salt: KeyDocument.formatName, info: context)
    }
}
