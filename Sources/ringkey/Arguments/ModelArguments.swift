import ArgumentParser
import Files
import Foundation
import InputErrors
import Models
import NoiseSchedules
import RingkeyKit

/// Which model to use and how to run it.
struct ModelArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Model: a folder of diffusers, a .safetensors file, an autoencoder alone, or an export of Optimum. Default: \
            $RINGKEY_MODEL, then the grove sample.
            """, valueName: "path"))
    var model: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The ONNX Runtime library. Default: $RINGKEY_ONNXRUNTIME, then .deps/, then the system's.",
            valueName: "file"))
    var onnxruntime: String?

    @Option(name: .long, help: ArgumentHelp("Execution provider of ONNX Runtime.", valueName: "name"))
    var provider = "CPU"

    @Option(name: .long, help: ArgumentHelp("Threads for the model. Default: one per core.", valueName: "n"))
    var threads: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What a single file of Stable Diffusion 2 predicts, which it does not tell: epsilon or v.",
            valueName: "kind"))
    var prediction: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            What a checkpoint's UNet and autoencoder calculate with: float32; int8, some times faster in a third of the \
            memory, and less exact; auto, which is int8 for large networks on a CPU that is fast at it.
            """, valueName: "kind"))
    var precision = Precision.float32

    func validate() throws {
        if let prediction, Self.predictions[prediction] == nil {
            throw ValidationError("--prediction takes epsilon or v, found \(prediction)")
        }
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads takes a number from 1 to 1024, found \(threads)")
        }
    }

    private static let predictions: [String: PredictionType] = ["epsilon": .epsilon, "v": .vPrediction]

    var options: ExecutionOptions {
        ExecutionOptions(
            threads: threads, provider: provider, library: onnxruntime,
            prediction: prediction.flatMap { Self.predictions[$0] }, precision: precision,
            preparation: PreparationStatus.observer)
    }

    /// For a few images, which do not repay what optimising large networks takes.
    func options(forImages count: Int) -> ExecutionOptions {
        var options = options
        if count <= Self.fewImages { options.optimization = .quick }
        return options
    }

    private static let fewImages = 2

    /// The model for a few images, or for many; its parts are loaded when they are needed.
    func open(forImages count: Int) throws -> OpenModel {
        try opened(options(forImages: count))
    }

    /// The model that the flag, the environment or the sample names; its parts are loaded when they are needed.
    func open() throws -> OpenModel {
        try opened(options)
    }

    private func opened(_ options: ExecutionOptions) throws -> OpenModel {
        warnOfCache()
        let model = try OpenModel(ModelLocation.path(model), options: options)
        if precision == .int8, model.model.precision != .int8 {
            Diagnostics.warning(
                "\(Printable.name(model.model.path)): nothing of it can be int8 (an export computes as it was exported)"
            )
        }
        return model
    }

    /// Weights in int8 that cannot be kept are prepared again in every run.
    private func warnOfCache() {
        guard precision != .float32, let path = CacheFolder.path(), CacheFolder.make("weights") == nil else { return }
        Diagnostics.warning(
            "\(Printable.name(path)): weights in int8 cannot be kept in this cache folder, which must be yours alone")
    }
}

extension Precision: ExpressibleByArgument {}
