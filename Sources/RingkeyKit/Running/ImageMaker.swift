import Diffusion
import Images
import InputErrors
import Models
import NoiseSchedules
import Pictures
import Tensors

/// A model at work: noise to latents to images. The conditioning of the last prompt is kept.
public final class ImageMaker {
    /// The solver that samples.
    public var solver: Solver { sampler.solver }
    /// Steps of the solver.
    public let steps: Int
    /// Guidance; 1 for none.
    public let guidance: Double
    private let textEncoder: any TextEncoder
    private let autoencoder: any Autoencoder
    private let sampler: DiffusionSolver
    private let empty: Conditioning?
    private var last: (prompt: String, conditioning: Conditioning)?

    /// - Parameters:
    ///   - model: with autoencoder, network and text encoder.
    ///   - solver: nil for what the model names.
    ///   - steps: nil for what the model is made for.
    ///   - guidance: nil for what the model is made for.
    /// - Throws: `InputError` for a part that the model does not have, or steps that its schedule does not have.
    public init(_ model: any DiffusionModel, solver: Solver? = nil, steps: Int? = nil, guidance: Double? = nil) throws {
        let predictor = try model.requireNoisePredictor()
        let scheduler = try model.scheduler()
        let defaults = ImageDefaults.of(scheduler)
        self.steps = steps ?? defaults.steps
        self.guidance = guidance ?? defaults.guidance
        try model.load([.unet, .textEncoder, .vaeDecoder])
        textEncoder = try model.requireTextEncoder()
        autoencoder = try model.requireAutoencoder()
        sampler = DiffusionSolver(
            try solver?.ending(as: scheduler.schedule) ?? scheduler.solver(), schedule: scheduler.schedule,
            predictor: predictor)
        try sampler.requireSteps(self.steps)
        empty = self.guidance == 1 ? nil : try textEncoder.encode([""])
    }

    /// A clean latent of initial noise.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - prompt: what the image is to show.
    ///   - blend: an original whose background is to stay.
    ///   - observe: called after every step with the number of steps done.
    /// - Throws: `InputError` for a blend after more steps than there are, or with a solver whose inversion visits other
    ///   noise levels than its sampling.
    public func sample(
        _ noise: Tensor, prompt: String, blend: BackgroundBlend? = nil, observe: (Int) -> Void = { _ in }
    ) throws -> Tensor {
        if last?.prompt != prompt { last = (prompt, try textEncoder.encode([prompt])) }
        let guidance = Guidance(scale: guidance, conditional: last?.conditioning, unconditional: empty)
        guard let blend else {
            return try sampler.sample(noise, steps: steps, guidance: guidance, observe: observe)
        }
        let step = try blendStep(blend)
        return try sampler.sample(noise, steps: steps, guidance: guidance, changedAfter: step) { edit in
            blend.blended(edit, try trajectory(of: blend.original, after: step))
        } observe: {
            observe($0)
        }
    }

    private func blendStep(_ blend: BackgroundBlend) throws -> Int {
        if case .dpm = solver {
            throw InputError("solver", expected: "ddim or flow for a blend", found: "\(solver)", as: .invalidSetting)
        }
        let step = blend.step ?? max(1, steps * 7 / 10)
        guard (1...steps).contains(step) else {
            throw InputError(
                "step of the blend", expected: "1 to \(steps)", found: "\(step)", as: .invalidSetting)
        }
        return step
    }

    /// Where the trajectory that ends in a clean latent is after a step, by naive inversion without a prompt.
    private func trajectory(of latent: Tensor, after step: Int) throws -> Tensor {
        let guidance = Guidance.none(try empty ?? textEncoder.encode([""]))
        var walk = try sampler.inverting(latent, steps: steps, guidance: guidance)
        for _ in step..<steps { _ = try walk.next() }
        return walk.latents
    }

    /// The image of a clean latent, `[1, C, h, w]`.
    public func decode(_ latent: Tensor) throws -> RGBImage { try RGBImage(tensor: autoencoder.decode(latent)) }
}
