import Tensors

/// Deterministic DDIM (Song et al. 2021, eq. 12 with η = 0), forwards and backwards.
///
/// Notation: z the latent, x̂₀ and ε̂ the model's ideas of the clean latent and the noise. A step from level t to level s
/// is z_s = α_s·x̂₀ + σ_s·ε̂, one linear combination of z_t and the model's output. On the levels of a rectified flow it is
/// Euler's step z_s = z_t + (σ_s - σ_t)·v.
public struct DDIM: Sendable {
    /// Where the steps lead and with which α and σ.
    public let schedule: NoiseSchedule
    /// The model.
    public let predictor: any NoisePredictor

    /// A solver for a model and the schedule that it was trained on.
    public init(schedule: NoiseSchedule, predictor: any NoisePredictor) {
        self.schedule = schedule
        self.predictor = predictor
    }

    /// From initial noise to a clean latent.
    /// - Parameters:
    ///   - noise: `[B, C, h, w]`.
    ///   - observe: called after every step with the number of steps done.
    /// - Throws: what the predictor throws, and `InputError` for a step count that the schedule does not have or a NaN.
    public func sample(
        _ noise: Tensor, steps: Int, guidance: Guidance, observe: (Int) -> Void = { _ in }
    ) throws -> Tensor {
        try finish(sampling(noise, steps: steps, guidance: guidance), observe)
    }

    /// From a clean latent to initial noise, the naive way: the model is asked at the timestep that the step leads to,
    /// with the latent that it starts from (Dhariwal and Nichol 2021, sec. F; diffusers' `DDIMInverseScheduler`).
    /// - Throws: what the predictor throws, and `InputError` for a step count that the schedule does not have or a NaN.
    public func invert(
        _ latents: Tensor, steps: Int, guidance: Guidance, observe: (Int) -> Void = { _ in }
    ) throws -> Tensor {
        try finish(inverting(latents, steps: steps, guidance: guidance), observe)
    }

    /// The iterates of `sample`, one at a time.
    public func sampling(_ noise: Tensor, steps: Int, guidance: Guidance) throws -> Walk {
        let legs = try schedule.steps(steps).reversed().map {
            Walk.Leg(from: $0.noisy, to: $0.clean, timestep: $0.noisy.timestep)
        }
        return Walk(solver: self, guidance: guidance, legs: legs, latents: noise)
    }

    /// The iterates of `invert`, one at a time.
    public func inverting(_ latents: Tensor, steps: Int, guidance: Guidance) throws -> Walk {
        let legs = try schedule.steps(steps).map {
            Walk.Leg(from: $0.clean, to: $0.noisy, timestep: $0.noisy.timestep)
        }
        return Walk(solver: self, guidance: guidance, legs: legs, latents: latents)
    }

    /// One step in either direction.
    /// - Parameters:
    ///   - latents: z_t, `[B, C, h, w]`.
    ///   - output: of the model, `[B, C, h, w]`.
    /// - Throws: `InputError` where the output says nothing at the level `from`: ε in pure noise, x₀ without noise.
    public func step(_ latents: Tensor, _ output: Tensor, from: NoiseLevel, to: NoiseLevel) throws -> Tensor {
        let conversion = try predictor.predictionType.conversion(at: from)
        return .combination(
            (to.alpha * conversion.clean.latent + to.sigma * conversion.noise.latent, latents),
            (to.alpha * conversion.clean.output + to.sigma * conversion.noise.output, output))
    }

    private func finish(_ walk: Walk, _ observe: (Int) -> Void) throws -> Tensor {
        var walk = walk
        while let iterate = try walk.next() { observe(iterate.step) }
        return walk.latents
    }

    /// A run as a sequence of iterates that the caller draws, times and stops: an iterator whose `next` can throw.
    public struct Walk {
        /// The state after a step.
        public struct Iterate: Sendable {
            /// Number of steps done, from 1.
            public let step: Int
            /// Where the step led.
            public let level: NoiseLevel
            /// `[B, C, h, w]`.
            public let latents: Tensor
        }

        struct Leg {
            let from: NoiseLevel
            let to: NoiseLevel
            let timestep: Double
        }

        let solver: DDIM
        let guidance: Guidance
        let legs: [Leg]
        private var done = 0
        /// The current latents, `[B, C, h, w]`.
        public private(set) var latents: Tensor

        init(solver: DDIM, guidance: Guidance, legs: [Leg], latents: Tensor) {
            self.solver = solver
            self.guidance = guidance
            self.legs = legs
            self.latents = latents
        }

        /// Number of steps of the whole run.
        public var count: Int { legs.count }

        /// Makes one step; nil at the end.
        /// - Throws: what the predictor throws, and `InputError` where the latents stop being numbers.
        public mutating func next() throws -> Iterate? {
            guard done < legs.count else { return nil }
            let leg = legs[done]
            let output = try guidance.predict(latents, timestep: leg.timestep, with: solver.predictor)
            latents = try solver.step(latents, output, from: leg.from, to: leg.to)
            done += 1
            guard latents.isFinite else {
                throw InputError(
                    "noise predictor", expected: "numbers",
                    found: "NaN or infinity after DDIM step \(done) of \(legs.count)")
            }
            return Iterate(step: done, level: leg.to, latents: latents)
        }
    }
}
