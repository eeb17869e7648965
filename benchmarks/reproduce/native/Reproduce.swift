import ArgumentParser
import Foundation
import InputErrors
import Models
import RingkeyKit
import TensorFiles
import Tensors

/// The native side of `make reproduce`: the methods of decoder inversion over a folder of images, with the model loaded
/// once. Writes numbers only; tables and plots are made of them by `reproduce.py`.
@main
struct Reproduce: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Measurements for docs/reproduction.md.",
        subcommands: [InvertFolder.self, RecoverNoise.self, RoundTrip.self, TakeBack.self])
}

/// What every measurement is told of the model.
struct Model: ParsableArguments {
    @Option(name: .long, help: "Model folder.")
    var model: String

    @Option(name: .long, help: "Threads of ONNX Runtime.")
    var threads = 1

    func open() throws -> any DiffusionModel {
        try OpenModel(model, options: ExecutionOptions(threads: threads)).model
    }
}

/// Images in a folder, in the order of their names.
enum Images {
    static func images(_ folder: String, first count: Int?) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".png") }.sorted()
        guard !names.isEmpty else { throw InputError(folder, expected: "PNG images", found: "none", as: .tooFew) }
        return names.prefix(count ?? names.count).map { "\(folder)/\($0)" }
    }

    /// The latent that `ringkey generate --save-latents` wrote beside an image.
    static func truth(of image: String) throws -> Tensor { try Tensor(npy: String(image.dropLast(4)) + ".z_0.npy") }
}
