import Diffusion
import Foundation
import OnnxModels
import Tensors
import Verification

extension ModelArguments {
    /// Opens the folder that the flag, the environment or the sample names; its graphs are loaded when they are needed.
    /// - Parameter path: another folder.
    func open(_ path: String? = nil) throws -> ModelFolder {
        try ModelFolder(
            URL(fileURLWithPath: path ?? folderPath()),
            options: ExecutionOptions(threads: threads, provider: provider, library: onnxruntime))
    }
}

extension ModelFolder {
    /// What the scheduler's file says of noise schedule and timesteps.
    func scheduler() throws -> SchedulerConfiguration {
        let path = schedulerConfiguration.path
        return try SchedulerConfiguration(data: InputFile.read(path, limit: 1 << 20), named: path)
    }

    /// The chain from images to noise on this model. The graphs that it needs are loaded side by side.
    /// - Parameters:
    ///   - needsImages: whether images are to be taken back, or clean latents alone.
    ///   - settings: from the model's noise schedule.
    func recovery(
        needsImages: Bool = true, _ settings: (SchedulerConfiguration) throws -> NoiseRecovery.Settings
    ) throws -> NoiseRecovery {
        let scheduler = try scheduler()
        let settings = try settings(scheduler)
        var parts: [ModelPart] = settings.looks.contains { $0.steps > 0 } ? [.unet, .textEncoder] : []
        if needsImages { parts.append(.vaeEncoder) }
        if needsImages, settings.looks.contains(where: { $0.decoderInversion.kind != .none }) {
            parts.append(.vaeDecoder)
        }
        try prepare(parts)
        return try NoiseRecovery(
            autoencoder: autoencoder, predictor: noisePredictor, textEncoder: textEncoder, schedule: scheduler.schedule,
            settings: settings)
    }

    /// The model's name and digest; hashing goes on beside other work until they are asked for.
    func identityInBackground() -> @Sendable () throws -> Verdict.ModelIdentity {
        let deferred = Deferred { try self.digest().sha256 }
        return {
            Verdict.ModelIdentity(name: self.name, path: self.url.path, digest: try deferred.value())
        }
    }
}
