import ArgumentParser
import Foundation
import Models
import RingkeyKit

/// Which model to use and how to run it.
struct ModelArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Model folder in Optimum's ONNX layout. Default: $RINGKEY_MODEL, then the grove sample.",
            valueName: "dir"))
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

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads takes a number from 1 to 1024, found \(threads)")
        }
    }

    var options: ExecutionOptions { ExecutionOptions(threads: threads, provider: provider, library: onnxruntime) }

    /// The model that the flag, the environment or the sample names; its parts are loaded when they are needed.
    func open() throws -> OpenModel { try OpenModel(ModelLocation.path(model), options: options) }
}
