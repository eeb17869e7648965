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
        /// Whether the parts for all routes are loaded at once, or those for the first one and others when they are needed.
        public var loadsAhead: Bool

        /// Settings; by default for images of unknown prompts.
        public init(
            routes: [Route], solver: Solver? = nil, inverse: Inverse = .naive, prompt: String = "",
            guidance: Double = 1, takesImages: Bool = true, loadsAhead: Bool = true
        ) {
            precondition(!routes.isEmpty, "a recovery of \(routes.count) routes")
            self.routes = routes
            self.solver = solver
            self.inverse = inverse
            self.prompt = prompt
            self.guidance = guidance
            self.takesImages = takesImages
            self.loadsAhead = loadsAhead
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

    private let model: any DiffusionModel
    private let substitutes: [String: any DiffusionModel]
    private let diffusion: DiffusionSolver?
    private let conditioning: Lazy<Conditionings>
    private let needsSteps: Lazy<Void>

    private struct Conditionings: Sendable {
        let conditional: Conditioning?
        let unconditional: Conditioning?
    }

    /// A recovery with a model. Unless parts are loaded when they are needed, those of its routes are loaded side by side,
    /// and the prompt is encoded once.
    /// - Parameters:
    ///   - model: that made the images.
    ///   - substitutes: models whose autoencoder stands in for the model's, by the names that routes give them.
    ///   - settings: how images are taken back.
    /// - Throws: `InputError` for a scheduler that cannot be followed, a part that the model does not have, a number of
    ///   steps that the schedule does not have, or a prompt or guidance for a model without a text encoder.
    public init(
        _ model: any DiffusionModel, substitutes: [String: any DiffusionModel] = [:], settings: Settings
    ) throws {
        let takesSteps = settings.routes.contains { $0.steps > 0 }
        if takesSteps { _ = try model.requireNoisePredictor() }
        let schedule = takesSteps ? try model.scheduler().schedule : nil
        let usual: Solver = schedule?.isRectifiedFlow == true ? .flow : .ddim
        let solver = schedule.flatMap { settings.solver?.ending(as: $0) } ?? settings.solver ?? usual
        self.settings = settings
        self.solver = solver
        self.model = model
        self.substitutes = substitutes
        latentShape = model.latentShape
        imageSize = model.imageSize
        diffusion = try schedule.map {
            DiffusionSolver(solver, schedule: $0, predictor: try model.requireNoisePredictor())
        }
        let textEncoder = model.textEncoder
        for route in settings.routes where route.steps > 0 { try diffusion?.requireSteps(route.steps) }
        guard textEncoder != nil || (settings.prompt.isEmpty && settings.guidance == 1) else {
            throw InputError("prompt", expected: "a model with a text encoder", found: "one without", as: .modelPart)
        }
        conditioning = Lazy {
            Conditionings(
                conditional: try textEncoder?.encode([settings.prompt]),
                unconditional: settings.guidance == 1 ? nil : try textEncoder?.encode([""]))
        }
        needsSteps = Lazy { try model.load(Self.parts(settings)) }
        if settings.takesImages {
            for route in settings.routes { _ = try requireAutoencoder(of: route) }
        }
        guard settings.loadsAhead else {
            // What the first look needs, every image needs.
            var first = settings
            first.routes = [settings.routes[0]]
            try model.load(Self.parts(first))
            return
        }
        try model.load(Self.parts(settings))
        if takesSteps { _ = try conditioning() }
    }

    /// The parts of the model that routes need.
    private static func parts(_ settings: Settings) -> [ModelPart] {
        let own = settings.routes.filter { $0.autoencoder == nil }
        var parts: [ModelPart] = settings.routes.contains { $0.steps > 0 } ? [.unet, .textEncoder] : []
        guard settings.takesImages, !own.isEmpty else { return parts }
        parts.append(.vaeEncoder)
        if own.contains(where: { $0.decoderInversion.kind != .none }) { parts.append(.vaeDecoder) }
        return parts
    }

    /// What the model's large networks calculate with.
    public var precision: Precision { model.precision }

    /// The name by which a calibration knows a route: `none/0`, `anderson:4/10/ddim/naive`.
    public func name(of route: Route) -> String {
        let way = route.steps == 0 ? "\(route)" : "\(route)/\(solver)/\(settings.inverse.rawValue)"
        // Noise that was recovered in other numbers is other noise.
        return precision == .float32 ? way : "\(way)/\(precision.rawValue)"
    }

    /// E and D of a route.
    /// - Throws: `InputError` where the model has no autoencoder.
    func requireAutoencoder(of route: Route) throws -> any Autoencoder {
        guard let name = route.autoencoder else { return try model.requireAutoencoder() }
        guard let substitute = substitutes[name] else {
            preconditionFailure("a route with the autoencoder \(name) and substitutes \(substitutes.keys.sorted())")
        }
        return try substitute.requireAutoencoder()
    }

    /// Clean latents to noise, as they are where there are no steps.
    /// - Parameters:
    ///   - latents: `[B, C, h, w]`.
    ///   - steps: of one of the settings' routes.
    ///   - prompts: one for each latent where it is known; nil stands for the prompt of the settings.
    public func invert(_ latents: Tensor, steps: Int, prompts: [String?]) throws -> Inverted {
        guard steps > 0 else { return Inverted(noise: latents, outcomes: nil) }
        guard let diffusion else { preconditionFailure("\(steps) steps by a recovery that was made for none") }
        // What is still missing is loaded side by side.
        try needsSteps()
        let guidance = Guidance(
            scale: settings.guidance, conditional: try conditioning(prompts),
            unconditional: try conditioning().unconditional)
        switch settings.inverse {
        case .naive:
            return Inverted(noise: try diffusion.invert(latents, steps: steps, guidance: guidance), outcomes: nil)
        case .exact:
            let (noise, outcomes) = try ExactInversion(of: diffusion).invert(latents, steps: steps, guidance: guidance)
            return Inverted(noise: noise, outcomes: outcomes)
        }
    }

    private func conditioning(_ prompts: [String?]) throws -> Conditioning? {
        guard prompts.contains(where: { $0 != nil }) else { return try conditioning().conditional }
        guard let textEncoder = model.textEncoder else {
            throw InputError(
                "prompt of an image", expected: "a model with a text encoder", found: "one without", as: .modelPart)
        }
        return try textEncoder.encode(prompts.map { $0 ?? settings.prompt })
    }
}
