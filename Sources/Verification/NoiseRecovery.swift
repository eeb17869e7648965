import DecoderInversion
import Diffusion
import Tensors

/// The way from images back to the noise they were made from: encoder, decoder inversion, diffusion inversion.
public struct NoiseRecovery: Sendable {
    /// How an image is taken back.
    public struct Settings: Sendable {
        /// The method of decoder inversion, and what it may spend.
        public var decoderInversion: Method
        /// Steps of DDIM inversion; 0 leaves the clean latent as it is.
        public var steps: Int
        /// What the image was asked for; the empty prompt where that is not known.
        public var prompt: String
        /// Guidance of the inversion; 1 is right where the prompt is not known.
        public var guidance: Double

        /// Settings; by default for an unknown prompt.
        public init(decoderInversion: Method, steps: Int, prompt: String = "", guidance: Double = 1) {
            self.decoderInversion = decoderInversion
            self.steps = steps
            self.prompt = prompt
            self.guidance = guidance
        }
    }

    /// What was recovered from a batch.
    public struct Recovered: Sendable {
        /// E(x), `[B, C, h, w]`.
        public let encoded: Tensor
        /// After decoder inversion, `[B, C, h, w]`.
        public let latents: Tensor
        /// What decoder inversion did to each image.
        public let outcomes: [DecoderInversion.Outcome]
        /// ẑ_T, `[B, C, h, w]`.
        public let noise: Tensor
        /// What was done to each image, seconds shared equally.
        public let stages: [[Verdict.Stage]]
    }

    /// E and D.
    public let autoencoder: any Autoencoder
    /// The network that diffusion inversion asks.
    public let predictor: any NoisePredictor
    /// The model's noise schedule.
    public let schedule: NoiseSchedule
    /// How images are taken back.
    public let settings: Settings
    private let guidance: Guidance

    /// Encodes the prompt once.
    /// - Throws: `InputError` for a prompt or guidance that the model has no text encoder for, or a number of steps that
    ///   the schedule does not have.
    public init(
        autoencoder: any Autoencoder, predictor: any NoisePredictor, textEncoder: (any TextEncoder)?,
        schedule: NoiseSchedule, settings: Settings
    ) throws {
        if settings.steps > 0 { _ = try schedule.steps(settings.steps) }
        guard textEncoder != nil || (settings.prompt.isEmpty && settings.guidance == 1) else {
            throw InputError("--prompt", expected: "a model with a text encoder", found: "one without")
        }
        let isNeeded = settings.steps > 0
        let conditional = isNeeded ? try textEncoder?.encode([settings.prompt]) : nil
        let unconditional = isNeeded && settings.guidance != 1 ? try textEncoder?.encode([""]) : nil
        self.autoencoder = autoencoder
        self.predictor = predictor
        self.schedule = schedule
        self.settings = settings
        guidance = Guidance(
            scale: isNeeded ? settings.guidance : 1, conditional: conditional, unconditional: unconditional)
    }

    /// Takes a batch of images back.
    /// - Parameters:
    ///   - images: `[B, 3, H, W]` in [-1, 1].
    ///   - observe: called at every evaluation of decoder inversion.
    public func recover(
        _ images: Tensor, observe: (DecoderInversion.Evaluation) -> Void = { _ in }
    ) throws -> Recovered {
        let clock = StageClock()
        let encoded = try autoencoder.encode(images)
        guard encoded.isFinite else {
            throw InputError("encoder", expected: "numbers", found: "NaN or infinity")
        }
        let encoding = clock.seconds
        let decoderInversion = DecoderInversion(autoencoder: autoencoder, method: settings.decoderInversion)
        let (latents, outcomes) = try decoderInversion.invert(encoded: encoded, observe: observe)
        let decoding = clock.seconds - encoding
        let noise = try invert(latents)
        let diffusion = clock.seconds - encoding - decoding
        let share = 1 / Double(images.batch)
        let stages = outcomes.map { outcome in
            var stages = [Verdict.Stage(stage: .encoding, method: "encoder's mode", seconds: encoding * share)]
            if settings.decoderInversion.kind != .none {
                stages.append(
                    Verdict.Stage(
                        stage: .decoderInversion, method: "\(settings.decoderInversion) (\(outcome.ending.rawValue))",
                        steps: outcome.evaluations, residual: outcome.residual, seconds: decoding * share))
            }
            if settings.steps > 0 { stages.append(diffusionStage(seconds: diffusion * share)) }
            return stages
        }
        return Recovered(encoded: encoded, latents: latents, outcomes: outcomes, noise: noise, stages: stages)
    }

    /// Clean latents to noise, `[B, C, h, w]`.
    public func invert(_ latents: Tensor) throws -> Tensor {
        guard settings.steps > 0 else { return latents }
        return try DDIM(schedule: schedule, predictor: predictor)
            .invert(latents, steps: settings.steps, guidance: guidance)
    }

    /// How diffusion inversion is described in a verdict.
    public func diffusionStage(seconds: Double) -> Verdict.Stage {
        let prompt = settings.prompt.isEmpty ? "empty prompt" : "prompt \"\(settings.prompt)\""
        let text = "naive DDIM inversion, \(prompt), guidance \(settings.guidance)"
        return Verdict.Stage(stage: .diffusionInversion, method: text, steps: settings.steps, seconds: seconds)
    }
}
