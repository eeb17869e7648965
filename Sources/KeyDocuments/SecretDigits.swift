import Files
import Foundation
import InputErrors

/// The place of 64 hexadecimal digits in a document, which are read and written where they lie: no decoder or encoder gets a
/// copy. A document has such a place in its member `secret`, and some in others beside it.
public struct SecretDigits: Codable, Sendable {
    /// What stands there until the digits are written.
    static let placeholder = String(repeating: "0", count: 2 * Secret.length)

    /// A place.
    public init() {}
    /// Reads nothing: `KeyDocument.secret(in:named:)` does.
    public init(from decoder: any Decoder) {}

    /// Writes digits of nothing, which `KeyDocument.data(_:secret:)` replaces.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Self.placeholder)
    }
}

extension KeyDocument {
    /// Reads the digits of a document's secret.
    /// - Parameters:
    ///   - data: the document.
    ///   - path: stands for it in errors.
    ///   - member: which one.
    /// - Throws: `InputError` naming the file where there are none, or two.
    public static func secret(in data: Data, named path: String, member: String = "secret") throws -> Secret {
        func refusal(_ found: String) -> InputError {
            InputError(
                "\(path): \(member)", expected: "64 hexadecimal digits and no values", found: found, as: .keyDocument)
        }
        return try data.withUnsafeBytes { bytes in
            guard let value = try value(of: member, in: bytes.bindMemory(to: UInt8.self)), value.count > 1,
                value.first == UInt8(ascii: "\"")
            else { throw refusal("no text, or two") }
            let digits = value.dropFirst().dropLast()
            guard let secret = Secret(digits: digits) else { throw refusal("\(digits.count) characters") }
            return secret
        }
    }

    /// The JSON text of the secret, where it lies; nil where the document is not read as JSON decoders read it, or has two.
    private static func value(
        of member: String, in document: UnsafeBufferPointer<UInt8>
    ) throws -> UnsafeBufferPointer<UInt8>? {
        var values: [UnsafeBufferPointer<UInt8>] = []
        var scanner = JSONScanner(document)
        do {
            try scanner.object { name, scanner in
                if name == member { values.append(try scanner.rawValue()) } else { try scanner.skip() }
            }
        } catch is JSONScanner.Malformed {
            return nil
        }
        return values.count == 1 ? values[0] : nil
    }

    /// A key file's content, in memory that is wiped when it is released.
    /// - Parameters:
    ///   - document: what is written; a member `secret` of it is `SecretDigits`.
    ///   - secret: its digits; nil for a document without.
    public static func data(_ document: some Encodable, secret: Secret?) throws -> Data {
        try data(document, secrets: secret.map { ["secret": $0] } ?? [:])
    }

    /// The same for a document of several secrets.
    /// - Parameters:
    ///   - document: what is written; the members that are secrets are `SecretDigits`.
    ///   - secrets: their digits, by the members' names.
    public static func data(_ document: some Encodable, secrets: [String: Secret]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = try encoder.encode(document) + Data("\n".utf8)
        if secrets.isEmpty { return text }
        let places = secrets.map { name, secret in
            guard let place = text.range(of: Data("\"\(name)\" : \"\(SecretDigits.placeholder)\"".utf8)) else {
                preconditionFailure("no place for a secret in a document of \(text.count) bytes")
            }
            return (end: place.upperBound - text.startIndex - 1, secret: secret)
        }
        return try PrivateMemory.data(count: text.count) { target in
            text.copyBytes(to: target)
            for (end, secret) in places {
                secret.write(
                    digitsTo: UnsafeMutableRawBufferPointer(rebasing: target[end - 2 * Secret.length..<end]))
            }
        }
    }

    /// Writes a key file that only its owner can read, by way of a temporary name.
    public static func write(_ data: Data, to path: String, overwrite: Bool) throws {
        try PrivateFile.requireTrusted(Folder.of(path))
        try AtomicFile.write(data, to: path, overwrite: overwrite, permissions: 0o600)
    }
}
