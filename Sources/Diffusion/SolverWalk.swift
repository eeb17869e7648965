import InputErrors
import Models
import NoiseSchedules
import Tensors

/// A run of a solver as a sequence of iterates that the caller draws, times and stops: an iterator whose `next` can throw.
public struct SolverWalk {
    /// The state after a step.
    public struct Iterate: Sendable {
        /// Number of steps done, from 1.
        public let step: Int
        /// Where the step led.
        public let level: NoiseLevel
        /// `[B, C, h, w]`.
        public let latents: Tensor
    }

    private let predictor: any NoisePredictor
    private let variant: Solver.DPMSettings.Variant
    private let guidance: Guidance
    private let steps: [SolverStep]
    /// x̂₀ of earlier steps, the newest first.
    private var history: [Tensor] = []
    private var done = 0
    /// The current latents, `[B, C, h, w]`.
    public private(set) var latents: Tensor

    init(
        predictor: any NoisePredictor, variant: Solver.DPMSettings.Variant, guidance: Guidance, steps: [SolverStep],
        latents: Tensor
    ) {
        self.predictor = predictor
        self.variant = variant
        self.guidance = guidance
        self.steps = steps
        self.latents = latents
    }

    /// Number of steps of the whole run.
    public var count: Int { steps.count }

    /// Makes one step; nil at the end.
    /// - Throws: what the predictor throws, and `InputError` where the latents stop being numbers, or where the output says
    ///   nothing at its level: ε in pure noise, x₀ without noise.
    public mutating func next() throws -> Iterate? {
        guard done < steps.count else { return nil }
        let step = steps[done]
        let output = try guidance.predict(latents, timestep: step.timestep, with: predictor)
        let coefficients = try step.coefficients(of: predictor.predictionType, variant: variant)
        let before = latents
        latents = .combination(
            [(coefficients.latent, before), (coefficients.output, output)] + zip(coefficients.history, history))
        done += 1
        guard latents.isFinite else {
            throw InputError(
                "noise predictor", expected: "finite numbers",
                found: "NaN or infinity after step \(done) of \(steps.count)",
                as: .notFinite)
        }
        try remember(before, output, of: step)
        return Iterate(step: done, level: step.to, latents: latents)
    }

    private mutating func remember(_ latents: Tensor, _ output: Tensor, of step: SolverStep) throws {
        let needed = done < steps.count ? steps[done].earlier.count : 0
        guard needed > 0 else { return }
        let clean = try predictor.predictionType.conversion(at: step.from).clean
        history.insert(.combination((clean.latent, latents), (clean.output, output)), at: 0)
        history.removeLast(max(0, history.count - 2))
    }
}
