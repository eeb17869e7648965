import Cryptography
import Files
import Foundation
import InputErrors
import KeyDocuments

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
        var secret: SecretDigits?
        /// Real and imaginary parts in turn, of keys of the reference package.
        var values: [Float]?
        /// Of keys that were drawn from a seed.
        var seedBits: Double?

        enum CodingKeys: String, CodingKey {
            case format, id, name, created, pattern, radius
            case ringWidth = "ring_width"
            case channels, latent
            case phaseOrigin = "phase_origin"
            case secret, values
            case seedBits = "seed_bits"
        }
    }

    /// Reads a key file.
    /// - Throws: `InputError` naming the file and the field, also where a group or the world may write to it.
    public init(contentsOf path: String) throws {
        try self.init(data: PrivateFile.read(path, limit: KeyDocument.largestFile), named: path)
    }

    /// The key file's content, in memory that is wiped when it is released.
    /// - Throws: `InputError` for a name that could not be read again.
    public func data() throws -> Data {
        try KeyDocument.requirePrintable(name, subject: "key name", as: .invalidSetting)
        var document = Document(
            format: KeyDocument.formatName, id: id, name: name, created: created, pattern: geometry.pattern.rawValue,
            radius: geometry.radius, ringWidth: geometry.ringWidth, channels: geometry.channels.map(Double.init),
            latent: geometry.latentShape.tensorShape().dropFirst().map(Double.init),
            phaseOrigin: geometry.phaseOrigin.rawValue)
        document.seedBits = seedBits.map(Double.init)
        switch material {
        case .secret: document.secret = SecretDigits()
        case .values(let values): document.values = values.flatMap { [$0.real, $0.imaginary] }
        }
        guard case .secret(let secret) = material else { return try KeyDocument.data(document, secret: nil) }
        return try KeyDocument.data(document, secret: secret)
    }

    /// Writes a key file that only its owner can read, by way of a temporary name.
    public func write(to path: String, overwrite: Bool) throws {
        try KeyDocument.write(data(), to: path, overwrite: overwrite)
    }
}
