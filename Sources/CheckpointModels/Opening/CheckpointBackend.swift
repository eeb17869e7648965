import Files
import Models

/// Checkpoints as they are downloaded: folders of diffusers, autoencoders alone, single files; graphs are built over their
/// weights and run by ONNX Runtime.
public struct CheckpointBackend: ModelBackend {
    /// `diffusers`.
    public let name = "diffusers"
    /// How graphs are run.
    public let options: ExecutionOptions

    /// A backend with the given options.
    public init(options: ExecutionOptions = ExecutionOptions()) { self.options = options }

    /// Whether the folder has an autoencoder of diffusers, or the file is called as weights are.
    public func recognises(_ path: String) -> Bool {
        CheckpointParts.recognises(file: path) || CheckpointParts.recognises(folder: path)
    }

    /// Opens a checkpoint; its weights are read at their first use.
    /// - Throws: `InputError` naming the part that is missing or does not fit the others.
    public func open(_ path: String) throws -> any DiffusionModel {
        let parts =
            try CheckpointParts.recognises(file: path)
            ? CheckpointParts(file: path, prediction: options.prediction) : CheckpointParts(folder: path)
        return try CheckpointModel(parts, options: options)
    }
}
