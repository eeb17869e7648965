import Attacks
import Diffusion
import Models
import NoiseSchedules
import Pictures
import Tensors

/// Redraws pictures with a diffusion model: squashed to the model's size, and back to their own. Only copies have a prompt.
struct ModelRedrawer: Redrawer {
    private let autoencoder: any Autoencoder
    private let solver: DiffusionSolver
    private let steps: Int
    private let guidance: Guidance
    /// One of them for each copy.
    private let prompts: [Guidance]

    /// - Parameters:
    ///   - model: with autoencoder and network; without a text encoder copies have no prompt.
    ///   - prompts: what copies may show, at least one.
    /// - Throws: `InputError` for a model without autoencoder or network.
    init(_ model: any DiffusionModel, prompts: [String]) throws {
        let scheduler = try model.scheduler()
        autoencoder = try model.requireAutoencoder()
        solver = DiffusionSolver(
            try scheduler.solver(), schedule: scheduler.schedule, predictor: try model.requireNoisePredictor())
        steps = ImageDefaults.of(scheduler).steps
        let empty = try model.textEncoder?.encode([""])
        let scale = ImageDefaults.of(scheduler).guidance
        guidance = .none(empty)
        self.prompts = try prompts.map { prompt in
            guard let encoder = model.textEncoder, !prompt.isEmpty else { return .none(empty) }
            return Guidance(
                scale: scale, conditional: try encoder.encode([prompt]), unconditional: scale == 1 ? nil : empty)
        }
    }

    func reconstruct(_ image: RGBImage) throws -> RGBImage {
        try decoded(encoded(image), like: image)
    }

    func regenerate(_ image: RGBImage, timestep: Double, seed: UInt64) throws -> RGBImage {
        let latent = try encoded(image)
        let redrawn = try solver.regenerate(
            latent, noise: Tensor(normal: latent.shape, seed: seed),
            timestep: timestep / 1000 * Double(solver.schedule.trainingSteps), steps: steps, guidance: guidance)
        return try decoded(redrawn, like: image)
    }

    func copyNoise(of image: RGBImage, seed: UInt64) throws -> RGBImage {
        let noise = try solver.invert(encoded(image), steps: steps, guidance: guidance)
        return try decoded(
            solver.sample(noise, steps: steps, guidance: prompts[Int(seed % UInt64(prompts.count))]), like: image)
    }

    private func encoded(_ image: RGBImage) throws -> Tensor {
        let size = autoencoder.imageSize
        let squashed = Resampling.resize(image, width: size.width, height: size.height)
        return try autoencoder.encode(ImagePreprocessing.tensor(of: squashed, size: size))
    }

    private func decoded(_ latent: Tensor, like image: RGBImage) throws -> RGBImage {
        Resampling.resize(
            try RGBImage(tensor: autoencoder.decode(latent)), width: image.width, height: image.height)
    }
}
