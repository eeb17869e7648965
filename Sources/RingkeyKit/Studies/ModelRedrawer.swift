import Attacks
import Diffusion
import Models
import NoiseSchedules
import Pictures
import Tensors

/// Redraws pictures with a diffusion model, without a prompt: squashed to the model's size, and back to their own.
struct ModelRedrawer: Redrawer {
    private let autoencoder: any Autoencoder
    private let solver: DiffusionSolver
    private let steps: Int
    private let guidance: Guidance

    /// - Throws: `InputError` for a model without autoencoder or network.
    init(_ model: any DiffusionModel) throws {
        let scheduler = try model.scheduler()
        autoencoder = try model.requireAutoencoder()
        solver = DiffusionSolver(
            try scheduler.solver(), schedule: scheduler.schedule, predictor: try model.requireNoisePredictor())
        steps = ImageDefaults.of(scheduler).steps
        guidance = .none(try model.textEncoder?.encode([""]))
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
