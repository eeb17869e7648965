import Cryptography
import Files
import Foundation
import InputErrors

extension RingKey {
    /// The document as it is written.
    struct Document: Codable {
        var format: String
        var id: String
        var name: String
        var created: String
        var pattern: String
        var radius: Double
        var ringWidth: Double
        /// Whole numbers. As `Int`, a fraction would be reported as text that is not JSON.
        var channels: [Double]
        /// Channels, height, width.
        var latent: [Double]
        var phaseOrigin: String
        /// Of native keys.
        var secret: Digits?
        /// Real and imaginary parts in turn, of keys of the reference package.
        var values: [Float]?

        /// The place of 64 hexadecimal digits, which are read and written where they lie: no decoder or encoder gets a copy.
        struct Digits: Codable {
            /// What stands there until the digits are written.
            static let placeholder = String(repeating: "0", count: 2 * Secret.length)

            init() {}
            init(from decoder: any Decoder) {}

            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(Self.placeholder)
            }
        }

        enum CodingKeys: String, CodingKey {
            case format, id, name, created, pattern, radius
            case ringWidth = "ring_width"
            case channels, latent
            case phaseOrigin = "phase_origin"
            case secret, values
        }
    }

    /// The largest key file that is read: four channels of a large latent's values fit in it.
    static let largestFile = 64 << 20

    /// Reads a key file.
    /// - Throws: `InputError` naming the file and the field, also where a group or the world may write to it.
    public init(contentsOf path: String) throws {
        try self.init(data: PrivateFile.read(path, limit: Self.largestFile), named: path)
    }

    /// The key file's content, in memory that is wiped when it is released.
    /// - Throws: `InputError` for a name that could not be read again.
    public func data() throws -> Data {
        try Self.requirePrintable(name, subject: "key name", as: .invalidSetting)
        var document = Document(
            format: Self.formatName, id: id, name: name, created: created, pattern: geometry.pattern.rawValue,
            radius: geometry.radius, ringWidth: geometry.ringWidth, channels: geometry.channels.map(Double.init),
            latent: geometry.latentShape.tensorShape().dropFirst().map(Double.init),
            phaseOrigin: geometry.phaseOrigin.rawValue)
        switch material {
        case .secret: document.secret = Document.Digits()
        case .values(let values): document.values = values.flatMap { [$0.real, $0.imaginary] }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = try encoder.encode(document) + Data("\n".utf8)
        guard case .secret(let secret) = material else { return text }
        return try Self.text(text, with: secret)
    }

    /// The document with the secret's digits in their place.
    private static func text(_ text: Data, with secret: Secret) throws -> Data {
        guard let place = text.range(of: Data("\"secret\" : \"\(Document.Digits.placeholder)\"".utf8)) else {
            preconditionFailure("no place for a secret in a document of \(text.count) bytes")
        }
        return try PrivateMemory.data(count: text.count) { target in
            text.copyBytes(to: target)
            let end = place.upperBound - text.startIndex - 1
            secret.write(
                digitsTo: UnsafeMutableRawBufferPointer(rebasing: target[end - 2 * Secret.length..<end]))
        }
    }

    /// Writes a key file that only its owner can read, by way of a temporary name.
    public func write(to path: String, overwrite: Bool) throws {
        try PrivateFile.requireTrusted(Folder.of(path))
        try AtomicFile.write(data(), to: path, overwrite: overwrite, permissions: 0o600)
    }

    /// A name goes to terminals and reports as it is.
    static func requirePrintable(_ name: String, subject: String, as code: InputError.Code) throws {
        let isPrintable = name.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
            default: true
            }
        }
        guard isPrintable, (1...200).contains(name.count) else {
            throw InputError(
                subject, expected: "1 to 200 printable characters",
                found: isPrintable ? "\(name.count)" : "control characters", as: code)
        }
    }
}
