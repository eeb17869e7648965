import Foundation
import Models

/// Models in the folder layout that Optimum exports, run by ONNX Runtime.
public struct OnnxBackend: ModelBackend {
    /// `ONNX`.
    public let name = "ONNX"
    /// How graphs are run.
    public let options: ExecutionOptions

    /// A backend with the given options; ONNX Runtime itself is opened with the first graph.
    public init(options: ExecutionOptions = ExecutionOptions()) { self.options = options }

    /// Whether the folder has a graph, or an index, without which nothing can be said of what is missing.
    public func recognises(_ path: String) -> Bool {
        let names = ["model_index.json"] + ModelPart.graphs.map { "\($0.rawValue)/\(OnnxModel.graphFile)" }
        return names.contains { FileManager.default.fileExists(atPath: "\(path)/\($0)") }
    }

    /// Opens a folder; its graphs are loaded at their first use.
    /// - Throws: `InputError` naming the part that is missing or does not fit the others.
    public func open(_ path: String) throws -> any DiffusionModel { try OnnxModel(path, options: options) }
}
