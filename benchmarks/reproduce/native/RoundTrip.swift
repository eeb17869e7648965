import ArgumentParser
import DecoderInversion
import Foundation
import Images
import InputErrors
import Verification

/// `reproduce round-trip`: one image to its latent and back, in a process of its own whose peak memory is the result.
struct RoundTrip: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "round-trip", abstract: "Encode, invert, decode; print the peak memory.")

    @OptionGroup var model: Model

    @Argument(help: "Image.")
    var image: String

    @Option(name: .long, help: "KIND[=CONSTANT]:EVALUATIONS; none is one encoding and one decoding.")
    var method: MethodName

    func run() throws {
        let model = try self.model.open()
        try model.load([.vaeEncoder, .vaeDecoder])
        let loaded = try Self.kilobytes("VmHWM")
        let image = Subject(try ImageFile(image).item(limitMegapixels: 10), size: model.imageSize)
        let autoencoder = try model.requireAutoencoder()
        let inversion = DecoderInverter(autoencoder: autoencoder, method: method.method)
        let decoded = try autoencoder.decode(inversion.invert(images: image.frames[0].pixels).latents)
        guard decoded.isFinite else {
            throw InputError("decoder", expected: "numbers", found: "NaN or infinity", as: .notFinite)
        }
        print("{\"loaded_kb\":\(loaded),\"peak_kb\":\(try Self.kilobytes("VmHWM"))}")
    }

    private static func kilobytes(_ field: String) throws -> Int {
        let path = "/proc/self/status"
        let line = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
            .first { $0.hasPrefix(field) }
        guard let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
            throw InputError(
                path, expected: "a line \(field)", found: line.map(String.init) ?? "none", as: .unsupported)
        }
        return number
    }
}
