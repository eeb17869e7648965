import ArgumentParser
import DecoderInversion
import Files
import FixedPoints
import Foundation
import Images
import Models
import TensorFiles
import Tensors
import Verification

/// `reproduce invert`: every method on every image, one after the other, so that load from outside hits all alike.
struct InvertFolder: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invert", abstract: "Decoder inversion of a folder of images by several methods.")

    @OptionGroup var model: Model

    @Option(name: .long, help: "Folder of images with their z_0.npy.")
    var images: String

    @Option(name: .long, help: "Only the first images.")
    var first: Int?

    @Option(name: .long, help: "KIND[=CONSTANT]:EVALUATIONS; repeatable.")
    var method: [MethodName]

    @Flag(name: .long, help: "Without the safeguard, as in the paper.")
    var bare = false

    @Option(name: .long, help: "Multiplies the encoder's latents, as a wrong scaling factor does.")
    var encoderGain = 1.0

    @Option(name: .long, help: "JSON Lines to write.")
    var output: String

    @Option(name: .long, help: "Also write the latents of each method here, [N, C, h, w].")
    var latents: String?

    /// One image by one method. Element k of `nmse_db` is the error of z_k; of `residual`, `seconds` and `cpu_seconds` what
    /// the evaluation number k + 1 found and when it ended, the encoding of the image not counted.
    private struct Line: Encodable {
        let image: String
        let method: String
        let safeguard: Bool
        let ending: String
        let encodingSeconds: Double
        var nmseDb: [Double]
        let residual: [Double]
        let seconds: [Double]
        let cpuSeconds: [Double]
        let minCocoercivity: Double?
        let resultNmseDb: Double
        let resultResidual: Double
    }

    func run() throws {
        let model = try self.model.open()
        try model.load([.vaeEncoder, .vaeDecoder])
        let paths = try Images.images(images, first: first)
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        var lines = Data()
        var results = [[Tensor]](repeating: [], count: method.count)
        // The first evaluation of a session allocates what later ones reuse.
        let warmUp = Subject(try ImageFile(paths[0]).item(limitMegapixels: 10), size: model.imageSize)
        _ = try DecoderInverter(
            autoencoder: model.requireAutoencoder(), method: InversionMethod(.forward, evaluations: 1)
        )
        .invert(images: warmUp.frames[0].pixels)
        for path in paths {
            let image = Subject(try ImageFile(path).item(limitMegapixels: 10), size: model.imageSize)
            let truth = try Images.truth(of: path)
            for (index, name) in method.enumerated() {
                let (line, latent) = try invert(image, truth, name, model)
                lines += try encoder.encode(line) + Data("\n".utf8)
                results[index].append(latent)
            }
        }
        if let latents {
            try FileManager.default.createDirectory(atPath: latents, withIntermediateDirectories: true)
            for (name, tensors) in zip(method, results) {
                let file = "\(latents)/\(name.text.replacingOccurrences(of: ":", with: "-")).npy"
                try Tensor.concatenating(tensors).npy.write(to: file, overwrite: true)
            }
        }
        try AtomicFile.write(lines, to: output, overwrite: true)
    }

    private func invert(
        _ image: Subject, _ truth: Tensor, _ name: MethodName, _ model: any DiffusionModel
    ) throws -> (Line, Tensor) {
        let autoencoder = AmplifiedEncoder(base: try model.requireAutoencoder(), gain: encoderGain)
        let encoding = ProcessClock()
        let encoded = try autoencoder.encode(image.frames[0].pixels)
        let encodingSeconds = encoding.wall
        let inversion = DecoderInverter(
            autoencoder: autoencoder, method: name.method, safeguard: bare ? nil : Safeguard())
        var trace = InversionTrace(truth: truth, longestPath: name.method.evaluations)
        var (walls, cpus): ([Double], [Double]) = ([], [])
        let clock = ProcessClock()
        let (latent, outcomes) = try inversion.invert(encoded: encoded) { evaluation in
            walls.append(clock.wall)
            cpus.append(clock.cpu)
            trace.record(evaluation)
        }
        // The bare methods do not know the residual of what they return.
        let residual = try (autoencoder.encode(autoencoder.decode(latent)) - encoded).squaredNorm.squareRoot()
        let error = latent.normalisedErrorDecibels(to: truth)
        var line = Line(
            image: image.name, method: name.text, safeguard: !bare, ending: outcomes[0].ending.rawValue,
            encodingSeconds: encodingSeconds, nmseDb: trace.rows.compactMap(\.nmseDecibels),
            residual: trace.rows.map(\.residual), seconds: walls, cpuSeconds: cpus,
            minCocoercivity: trace.minimumCocoercivity(of: 0), resultNmseDb: error,
            resultResidual: residual / encoded.squaredNorm.squareRoot())
        if bare, outcomes[0].ending == .spent { line.nmseDb.append(error) }
        return (line, latent)
    }
}

/// An autoencoder whose encoder is off by a factor: beyond 2 the plain iteration diverges.
private struct AmplifiedEncoder: Autoencoder {
    let base: any Autoencoder
    let gain: Double

    var imageSize: (height: Int, width: Int) { base.imageSize }
    var latentShape: LatentShape { base.latentShape }
    func encode(_ images: Tensor) throws -> Tensor {
        let latents = try base.encode(images)
        return gain == 1 ? latents : gain * latents
    }
    func decode(_ latents: Tensor) throws -> Tensor { try base.decode(latents) }
}
