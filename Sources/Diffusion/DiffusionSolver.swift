import Models
import NoiseSchedules
import Tensors

/// A model with a solver: from noise to clean latents and back.
///
/// Notation: z the latent, x̂₀ and ε̂ the model's ideas of the clean latent and the noise. DDIM's step from level t to
/// level s is z_s = α_s·x̂₀ + σ_s·ε̂; on the levels of a rectified flow that is Euler's step z_s = z_t + (σ_s - σ_t)·v.
/// DPM-Solver++ adds differences of x̂₀ between levels. Every step is one linear combination of the latent, the model's
/// output and earlier x̂₀.
public struct DiffusionSolver: Sendable {
    /// Which steps are made.
    public let solver: Solver
    /// Where the steps lead and with which α and σ.
    public let schedule: NoiseSchedule
    /// The model.
    public let predictor: any NoisePredictor

    /// A solver for a model and the schedule that it was trained on.
    public init(_ solver: Solver, schedule: NoiseSchedule, predictor: any NoisePredictor) {
        self.solver = solver
        self.schedule = schedule
        self.predictor = predictor
    }

    /// Checks that a run can have this many steps.
    /// - Throws: `InputError` for a step count that the schedule does not have, or a solver that it does not suit.
    public func requireSteps(_ count: Int) throws {
        let shape = predictor.latentShape
        _ = try schedule.fitted(height: shape.height, width: shape.width).samplingSteps(count, by: solver)
    }

    /// From initial noise to a clean latent.
    /// - Parameters:
    ///   - noise: z_T, `[B, C, h, w]`.
    ///   - steps: at least 1.
    ///   - guidance: for this batch.
    ///   - observe: called after every step with the number of steps done.
    /// - Returns: z_0, `[B, C, h, w]`.
    /// - Throws: what the predictor throws, and `InputError` for a step count that the schedule does not have or a NaN.
    public func sample(
        _ noise: Tensor, steps: Int, guidance: Guidance, observe: (Int) -> Void = { _ in }
    ) throws -> Tensor {
        try finish(sampling(noise, steps: steps, guidance: guidance), observe)
    }

    /// From a clean latent to initial noise, the naive way, by one call of the model a step. With DDIM the model is asked at
    /// the timestep that the step leads to, with the latent that it starts from (Dhariwal and Nichol 2021, sec. F;
    /// diffusers' `DDIMInverseScheduler`).
    /// - Parameters:
    ///   - latents: z_0, `[B, C, h, w]`.
    ///   - steps: at least 1.
    ///   - guidance: for this batch.
    ///   - observe: called after every step with the number of steps done.
    /// - Returns: z_T, `[B, C, h, w]`.
    /// - Throws: what the predictor throws, and `InputError` for a step count that the schedule does not have or a NaN.
    public func invert(
        _ latents: Tensor, steps: Int, guidance: Guidance, observe: (Int) -> Void = { _ in }
    ) throws -> Tensor {
        try finish(inverting(latents, steps: steps, guidance: guidance), observe)
    }

    /// The iterates of `sample`, one at a time.
    /// - Throws: `InputError` for a step count that the schedule does not have, or a solver that does not suit it.
    public func sampling(_ noise: Tensor, steps: Int, guidance: Guidance) throws -> SolverWalk {
        walk(try samplingSteps(steps, for: noise), guidance, noise)
    }

    /// The iterates of `invert`, one at a time.
    /// - Throws: as `sampling`.
    public func inverting(_ latents: Tensor, steps: Int, guidance: Guidance) throws -> SolverWalk {
        walk(try fitted(to: latents).inversionSteps(steps, by: solver), guidance, latents)
    }

    /// One step of order 1 (DDIM's) in either direction, from a model's output.
    /// - Parameters:
    ///   - latents: z at the level `from`, `[B, C, h, w]`.
    ///   - output: of the model, `[B, C, h, w]`.
    ///   - from: the level of the latents, at which the output is converted.
    ///   - to: another level, cleaner or noisier.
    /// - Returns: z at the level `to`, `[B, C, h, w]`.
    /// - Throws: `InputError` where the output says nothing at the level `from`: ε in pure noise, x₀ without noise.
    public func step(_ latents: Tensor, _ output: Tensor, from: NoiseLevel, to: NoiseLevel) throws -> Tensor {
        let step = try SolverStep(from: from, to: to).coefficients(of: predictor.predictionType, variant: .midpoint)
        return .combination((step.latent, latents), (step.output, output))
    }

    /// How differences of x̂₀ are weighed at order 2.
    var variant: Solver.DPMSettings.Variant {
        if case .dpm(let settings) = solver { settings.variant } else { .midpoint }
    }

    /// The steps of a run on latents `[B, C, h, w]`, from noise to clean.
    func samplingSteps(_ count: Int, for latents: Tensor) throws -> [SolverStep] {
        try fitted(to: latents).samplingSteps(count, by: solver)
    }

    private func fitted(to latents: Tensor) throws -> NoiseSchedule {
        precondition(latents.shape.count == 4, "latents of shape \(latents.shape)")
        return try schedule.fitted(height: latents.shape[2], width: latents.shape[3])
    }

    func walk(_ steps: [SolverStep], _ guidance: Guidance, _ latents: Tensor) -> SolverWalk {
        SolverWalk(predictor: predictor, variant: variant, guidance: guidance, steps: steps, latents: latents)
    }

    func finish(_ walk: SolverWalk, _ observe: (Int) -> Void) throws -> Tensor {
        var walk = walk
        while let iterate = try walk.next() { observe(iterate.step) }
        return walk.latents
    }
}
