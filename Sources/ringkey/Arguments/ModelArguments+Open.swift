import Foundation
import OnnxModels
import Tensors
import Verification

extension ModelArguments {
    /// The folder that the flag, the environment or the sample names, read but not loaded.
    func folder() throws -> ModelFolder { try ModelFolder(path: folderPath()) }

    /// Reads a folder and loads ONNX Runtime; graphs are loaded when they are needed.
    /// - Parameter path: nil for the folder that the flag, the environment or the sample names.
    func open(_ path: String? = nil) throws -> OnnxModel {
        let folder = try ModelFolder(path: path ?? folderPath())
        let runtime = try OnnxRuntime.shared(explicitPath: onnxruntime)
        return try OnnxModel(
            folder: folder, runtime: runtime, options: SessionOptions(threads: threads, provider: provider))
    }
}

extension OnnxModel {
    /// The chain from images to noise on this model.
    func recovery(_ settings: NoiseRecovery.Settings) throws -> NoiseRecovery {
        try NoiseRecovery(
            autoencoder: autoencoder, predictor: noisePredictor,
            textEncoder: settings.steps > 0 ? try textEncoder() : nil, schedule: folder.scheduler.schedule,
            settings: settings)
    }

    /// The model's name and digest; hashing goes on beside other work until they are asked for.
    func identityInBackground() -> @Sendable () throws -> Verdict.ModelIdentity {
        let folder = self.folder
        let deferred = Deferred { try folder.digest() }
        return {
            Verdict.ModelIdentity(name: folder.name, path: folder.path, digest: try deferred.value())
        }
    }
}
