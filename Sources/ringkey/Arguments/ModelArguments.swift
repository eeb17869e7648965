import ArgumentParser
import Foundation
import OnnxModels
import Tensors

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

    @Option(name: .long, help: ArgumentHelp("Threads for the model. Default: one a core.", valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads takes a number from 1 to 1024, found \(threads)")
        }
    }

    /// The folder that the flag, the environment or the sample names.
    func folderPath() throws -> String {
        if let model { return model }
        if let fromEnvironment = ProcessInfo.processInfo.environment["RINGKEY_MODEL"], !fromEnvironment.isEmpty {
            return fromEnvironment
        }
        if let sample = Self.sampleModel() { return sample }
        throw InputError(
            "--model", expected: "a model folder, by this flag or RINGKEY_MODEL", found: "neither, and no samples/grove"
        )
    }

    /// `samples/grove` in the current folder or in the repository the binary was built in.
    private static func sampleModel() -> String? {
        var candidates = ["samples/grove"]
        if let executable = Bundle.main.executableURL?.resolvingSymlinksInPath() {
            var folder = executable.deletingLastPathComponent()
            for _ in 0..<4 {
                candidates.append(folder.appendingPathComponent("samples/grove").path)
                folder.deleteLastPathComponent()
            }
        }
        return candidates.first { FileManager.default.fileExists(atPath: $0 + "/model_index.json") }
    }
}
