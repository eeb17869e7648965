import Diffusion
import Images
import OnnxModels
import Tensors

/// A model at work: noise to latents to images. The conditioning of the last prompt is kept.
final class Painter {
    private let model: ModelFolder
    private let sampler: DiffusionSolver
    /// The solver that samples.
    var solver: Solver { sampler.solver }
    private let steps: Int
    private let guidance: Double
    private let empty: Tensor?
    private var last: (prompt: String, conditioning: Tensor)?

    init(model: ModelFolder, solver: Solver?, steps: Int, guidance: Double) throws {
        self.model = model
        self.steps = steps
        self.guidance = guidance
        try model.prepare([.unet, .textEncoder, .vaeDecoder])
        let scheduler = try model.scheduler()
        sampler = DiffusionSolver(
            try solver?.ending(as: scheduler.schedule) ?? scheduler.solver(), schedule: scheduler.schedule,
            predictor: model.noisePredictor)
        try sampler.requireSteps(steps)
        empty = guidance == 1 ? nil : try model.textEncoder.encode([""])
    }

    func sample(_ noise: Tensor, prompt: String, observe: (Int) -> Void) throws -> Tensor {
        if last?.prompt != prompt { last = (prompt, try model.textEncoder.encode([prompt])) }
        return try sampler.sample(
            noise, steps: steps,
            guidance: Guidance(scale: guidance, conditional: last?.conditioning, unconditional: empty), observe: observe
        )
    }

    func decode(_ latent: Tensor) throws -> RGBImage { try RGBImage(tensor: model.autoencoder.decode(latent)) }
}
