import Attempts
import Diffusion
import InputErrors
import Models
import NoiseSchedules
import Tensors

/// The way from images back to the noise they were made from: encoder, decoder inversion, diffusion inversion. It gives
/// numbers and knows nothing of keys or verdicts.
public struct NoiseRecovery: Sendable {
    /// How images are taken back.
    public struct Settings: Sendable {
        /// The routes that will be taken; at least one.
        public var routes: [Route]
        /// The solver of diffusion inversion; nil for the one that suits the model's schedule.
        public var solver: Solver?
        /// How its steps are inverted.
        public var inverse: Inverse
        /// What images were asked for; the empty prompt where that is not known.
        public var prompt: String
        /// Guidance of the inversion; 1 is right where the prompt is not known.
        public var guidance: Double
        /// Whether images are to be taken back, or clean latents alone.
        public var takesImages: Bool

        /// Settings; by default for images of unknown prompts.
        public init(
            routes: [Route], solver: Solver? = nil, inverse: Inverse = .naive, prompt: String = "",
            guidance: Double = 1, takesImages: Bool = true
        ) {
            precondition(!routes.isEmpty, "a recovery of \(routes.count) routes")
            self.routes = routes
            self.solver = solver
            self.inverse = inverse
            self.prompt = prompt
            self.guidance = guidance
            self.takesImages = takesImages
        }
    }

    /// How the steps of a solver are inverted.
    public enum Inverse: String, Sendable, CaseIterable {
        /// One call of the model a step.
        case naive
        /// Each step's equation is solved (`ExactInversion`): for images whose prompt and guidance are known.
        case exact
    }

    /// What diffusion inversion made of some latents.
    public struct Inverted: Sendable {
        /// ẑ_T, `[B, C, h, w]`.
        public let noise: Tensor
        /// Of each image, where inversion was exact.
        public let outcomes: [ExactInversion.Outcome]?
    }

    /// The shape of one latent.
    public let latentShape: LatentShape
    /// Height and width of the model's images in pixels.
    public let imageSize: (height: Int, width: Int)
    /// How images are taken back.
    public let settings: Settings
    /// The solver of diffusion inversion.
    public let solver: Solver

    private let autoencoder: (any Autoencoder)?
    private let diffusion: DiffusionSolver?
    private let textEncoder: (any TextEncoder)?
    private let conditioning: Conditioning?
    private let unconditional: Conditioning?

    /// A recovery with a model. The parts that its routes need are loaded side by side, and the prompt is encoded once.
    /// - Throws: `InputError` for a scheduler that cannot be followed, a part that the model does not have, a number of
    ///   steps that the schedule does not have, or a prompt or guidance for a model without a text encoder.
    public init(_ model: any DiffusionModel, settings: Settings) throws {
        let takesSteps = settings.routes.contains { $0.steps > 0 }
        let schedule = takesSteps ? try model.scheduler().schedule : nil
        let usual: Solver = schedule?.isRectifiedFlow == true ? .flow : .ddim
        let solver = schedule.flatMap { settings.solver?.ending(as: $0) } ?? settings.solver ?? usual
        try model.load(Self.parts(settings))
        self.settings = settings
        self.solver = solver
        latentShape = model.latentShape
        imageSize = model.imageSize
        autoencoder = settings.takesImages ? try model.requireAutoencoder() : model.autoencoder
        diffusion = try schedule.map {
            DiffusionSolver(solver, schedule: $0, predictor: try model.requireNoisePredictor())
        }
        textEncoder = model.textEncoder
        for route in settings.routes where route.steps > 0 { try diffusion?.requireSteps(route.steps) }
        guard textEncoder != nil || (settings.prompt.isEmpty && settings.guidance == 1) else {
            throw InputError("prompt", expected: "a model with a text encoder", found: "one without", as: .modelPart)
        }
        conditioning = takesSteps ? try textEncoder?.encode([settings.prompt]) : nil
        unconditional = takesSteps && settings.guidance != 1 ? try textEncoder?.encode([""]) : nil
    }

    private static func parts(_ settings: Settings) -> [ModelPart] {
        var parts: [ModelPart] = settings.routes.contains { $0.steps > 0 } ? [.unet, .textEncoder] : []
        guard settings.takesImages else { return parts }
        parts.append(.vaeEncoder)
        if settings.routes.contains(where: { $0.decoderInversion.kind != .none }) { parts.append(.vaeDecoder) }
        return parts
    }

    /// The name by which a calibration knows a route: `none/0`, `anderson:4/10/ddim/naive`.
    public func name(of route: Route) -> String {
        route.steps == 0 ? "\(route)" : "\(route)/\(solver)/\(settings.inverse.rawValue)"
    }

    /// E and D.
    /// - Throws: `InputError` where the model has no autoencoder.
    func requireAutoencoder() throws -> any Autoencoder {
        guard let autoencoder else { throw ModelPart.vaeEncoder.missing }
        return autoencoder
    }

    /// Clean latents to noise, as they are where there are no steps.
    /// - Parameters:
    ///   - latents: `[B, C, h, w]`.
    ///   - steps: of one of the settings' routes.
    ///   - prompts: one for each latent where it is known; nil stands for the prompt of the settings.
    public func invert(_ latents: Tensor, steps: Int, prompts: [String?]) throws -> Inverted {
        guard steps > 0 else { return Inverted(noise: latents, outcomes: nil) }
        guard let diffusion else { preconditionFailure("\(steps) steps by a recovery that was made for none") }
        let guidance = Guidance(
            scale: settings.guidance, conditional: try conditioning(prompts), unconditional: unconditional)
        switch settings.inverse {
        case .naive:
            return Inverted(noise: try diffusion.invert(latents, steps: steps, guidance: guidance), outcomes: nil)
        case .exact:
            let (noise, outcomes) = try ExactInversion(of: diffusion).invert(latents, steps: steps, guidance: guidance)
            return Inverted(noise: noise, outcomes: outcomes)
        }
    }

    private func conditioning(_ prompts: [String?]) throws -> Conditioning? {
        guard prompts.contains(where: { $0 != nil }) else { return conditioning }
        guard let textEncoder else {
            throw InputError(
                "prompt of an image", expected: "a model with a text encoder", found: "one without", as: .modelPart)
        }
        return try textEncoder.encode(prompts.map { $0 ?? settings.prompt })
    }
}
