import DecoderInversion
import Diffusion
import Tensors

/// The way from images back to the noise they were made from: encoder, decoder inversion, diffusion inversion.
public struct NoiseRecovery: Sendable {
    /// How an image is taken back.
    public struct Settings: Sendable {
        /// The ways to take, in order; at least one.
        public var looks: [Look]
        /// The solver of diffusion inversion.
        public var solver: Solver
        /// How its steps are inverted.
        public var inverse: Inverse
        /// What the image was asked for; the empty prompt where that is not known.
        public var prompt: String
        /// Guidance of the inversion; 1 is right where the prompt is not known.
        public var guidance: Double

        /// Settings; by default for an unknown prompt.
        public init(
            looks: [Look], solver: Solver = .ddim, inverse: Inverse = .naive, prompt: String = "", guidance: Double = 1
        ) {
            precondition(!looks.isEmpty, "a recovery that does not look")
            self.looks = looks
            self.solver = solver
            self.inverse = inverse
            self.prompt = prompt
            self.guidance = guidance
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

    /// What one look recovered from some images of a batch.
    public struct Recovered: Sendable {
        /// What decoder inversion did to each image.
        public let outcomes: [DecoderInverter.Outcome]
        /// Clean latents after decoder inversion, `[B, C, h, w]`.
        public let latents: Tensor
        /// What diffusion inversion made of them.
        public let inverted: Inverted
        /// What this look did to each image, seconds shared equally; latents that an earlier look made cost nothing.
        public let stages: [[Verdict.Stage]]
    }

    /// E and D.
    public let autoencoder: any Autoencoder
    /// The network that diffusion inversion asks, with its noise schedule.
    public let solver: DiffusionSolver
    /// How images are taken back.
    public let settings: Settings
    private let textEncoder: (any TextEncoder)?
    private let conditioning: Tensor?
    private let unconditional: Tensor?

    /// Encodes the prompt once.
    /// - Throws: `InputError` for a prompt or guidance that the model has no text encoder for, or a number of steps that
    ///   the schedule does not have.
    public init(
        autoencoder: any Autoencoder, predictor: any NoisePredictor, textEncoder: (any TextEncoder)?,
        schedule: NoiseSchedule, settings: Settings
    ) throws {
        let solver = DiffusionSolver(settings.solver, schedule: schedule, predictor: predictor)
        for look in settings.looks where look.steps > 0 { try solver.requireSteps(look.steps) }
        guard textEncoder != nil || (settings.prompt.isEmpty && settings.guidance == 1) else {
            throw InputError("--prompt", expected: "a model with a text encoder", found: "one without")
        }
        let isNeeded = settings.looks.contains { $0.steps > 0 }
        conditioning = isNeeded ? try textEncoder?.encode([settings.prompt]) : nil
        unconditional = isNeeded && settings.guidance != 1 ? try textEncoder?.encode([""]) : nil
        self.autoencoder = autoencoder
        self.solver = solver
        self.settings = settings
        self.textEncoder = textEncoder
    }

    /// Clean latents to noise, as they are where there are no steps.
    /// - Parameters:
    ///   - latents: `[B, C, h, w]`.
    ///   - prompts: one for each latent where it is known; nil stands for the prompt of the settings.
    public func invert(_ latents: Tensor, steps: Int, prompts: [String?]) throws -> Inverted {
        guard steps > 0 else { return Inverted(noise: latents, outcomes: nil) }
        let guidance = Guidance(
            scale: settings.guidance, conditional: try conditioning(prompts), unconditional: unconditional)
        switch settings.inverse {
        case .naive:
            return Inverted(noise: try solver.invert(latents, steps: steps, guidance: guidance), outcomes: nil)
        case .exact:
            let (noise, outcomes) = try ExactInversion(of: solver).invert(latents, steps: steps, guidance: guidance)
            return Inverted(noise: noise, outcomes: outcomes)
        }
    }

    private func conditioning(_ prompts: [String?]) throws -> Tensor? {
        guard prompts.contains(where: { $0 != nil }) else { return conditioning }
        guard let textEncoder else {
            throw InputError("prompt of an image", expected: "a model with a text encoder", found: "one without")
        }
        return try textEncoder.encode(prompts.map { $0 ?? settings.prompt })
    }

    /// How diffusion inversion is described in a verdict.
    func diffusionStage(
        steps: Int, prompt: String?, outcome: ExactInversion.Outcome?, seconds: Double
    ) -> Verdict.Stage {
        let known = prompt ?? settings.prompt
        let prompt = known.isEmpty ? "empty prompt" : "prompt \"\(known)\""
        let calls = outcome.map { ", \($0.modelCalls) calls" } ?? ""
        let text = "\(settings.inverse.rawValue) \(settings.solver) inversion, \(prompt), guidance \(settings.guidance)"
        return Verdict.Stage(
            stage: .diffusionInversion, method: text + calls, steps: steps,
            residual: outcome.flatMap { $0.residual.isFinite ? $0.residual : nil },
            seconds: seconds)
    }
}
