import Foundation
import InputErrors
import KeyDocuments
import RingKeys
import Tensors

extension PilotedKey {
    /// What the document has besides the header.
    private struct Document: Codable {
        var radius: Double
        /// Of both parts. Whole numbers: as `Int`, a fraction would be reported as text that is not JSON.
        var channels: [Double]
        var pilotChannels: [Double]
        var secret = SecretDigits()
        var pilotSecret = SecretDigits()

        enum CodingKeys: String, CodingKey {
            case radius, channels
            case pilotChannels = "pilot_channels"
            case secret
            case pilotSecret = "pilot_secret"
        }
    }

    /// Reads the content of a key file; `path` stands for it in errors.
    /// - Throws: `InputError` naming the file and the member that is wrong.
    public init(data: Data, named path: String) throws {
        let (header, shape, document) = try KeyDocument.decode(Document.self, from: data, named: path)
        let geometry = try KeyRing.geometry(
            radius: document.radius, channels: document.channels, shape, named: path)
        let pilot = try KeyRing.pilotChannels(document.pilotChannels, of: geometry, named: path)
        guard !pilot.isEmpty else {
            throw InputError(
                "\(path): pilot_channels", expected: "some of the channels", found: "none", as: .keyDocument)
        }
        try self.init(
            name: header.name, created: header.created, geometry: geometry, pilotChannels: pilot,
            secret: KeyDocument.secret(in: data, named: path),
            pilotSecret: KeyDocument.secret(in: data, named: path, member: "pilot_secret"))
        try KeyDocument.require(id: id, of: header, named: path)
    }

    /// The key file's content, in memory that is wiped when it is released.
    /// - Throws: `InputError` for a name that could not be read again.
    public func data() throws -> Data {
        try KeyDocument.requirePrintable(own.name, subject: "key name", as: .invalidSetting)
        let document = Document(
            radius: geometry.radius, channels: geometry.channels.map(Double.init),
            pilotChannels: pilot.geometry.channels.map(Double.init))
        return try KeyDocument.data(
            KeyDocument.Written(KeyDocument.Header(self, scheme: PilotedScheme.schemeName), document),
            secrets: ["secret": secret, "pilot_secret": pilotSecret])
    }
}
