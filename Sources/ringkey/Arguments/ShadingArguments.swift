import ArgumentParser
import Files
import Foundation
import InputErrors
import KeyDocuments
import ShadingKeys
import Tensors

/// Keys of Gaussian Shading: how a message is spread, and which.
struct ShadingArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Copies of the message along channels, rows and columns.", valueName: "CxHxW"))
    var copies = "1x8x8"

    @Option(name: .long, help: ArgumentHelp("Message to carry. Default: random bits.", valueName: "text"))
    var message: String?

    @Option(name: .long, help: ArgumentHelp("The same as hexadecimal digits.", valueName: "digits"))
    var messageHex: String?

    @Flag(name: .long, help: "A key that reads any message and cannot mark.")
    var unknownMessage = false

    func validate() throws {
        if [message != nil, messageHex != nil, unknownMessage].count(where: { $0 }) > 1 {
            throw ValidationError("give one of --message, --message-hex and --unknown-message")
        }
    }

    /// - Parameter shape: of the latents.
    func geometry(_ shape: LatentShape) throws -> ShadingGeometry {
        let numbers = try LatentShapeArgument.shape(copies, flag: "--copies")
        return try ShadingGeometry(
            copies: .init(channels: numbers.channels, rows: numbers.height, columns: numbers.width),
            latentShape: shape, subject: "--copies \(copies)", as: .invalidSetting)
    }

    /// The message's bits, zeros after it; nil where none was given.
    func bits(_ geometry: ShadingGeometry) throws -> [UInt8]? { try bits(geometry.messageLength) }

    /// The same for a message of some bits.
    func bits(_ count: Int) throws -> [UInt8]? {
        if let messageHex {
            return try ShadingKey.bits(messageHex, count: count, subject: "--message-hex", as: .invalidSetting)
        }
        return try message.map { text in
            guard text.utf8.count * 8 <= count else {
                throw InputError(
                    "--message", expected: "at most \(count / 8) bytes, for \(count) bits fit",
                    found: "\(text.utf8.count)", as: .invalidSetting)
            }
            return BitText.bits(text.utf8, count: text.utf8.count * 8)
                + [UInt8](repeating: 0, count: count - text.utf8.count * 8)
        }
    }

    /// A new key.
    func key(name: String, latentShape: LatentShape) throws -> ShadingKey {
        let geometry = try geometry(latentShape)
        let random = (0..<geometry.messageLength).map { _ in UInt8.random(in: 0...1) }
        return ShadingKey(
            name: name, geometry: geometry, message: unknownMessage ? nil : try bits(geometry) ?? random)
    }
}
