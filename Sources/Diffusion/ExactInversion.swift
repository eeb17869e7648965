import Tensors

/// Takes clean latents back to the very noise that a solver's sampling run would turn into them (Hong et al., CVPR 2024,
/// arXiv 2311.18387): each sampling step F_i is inverted by solving F_i(z_i) = z_{i+1} for z_i, from clean to noise.
///
/// Order 1 (Algorithm 1, backward Euler): F_i depends on z_i alone, and one pass from clean to noise suffices. Higher
/// orders: F_i also depends on x̂₀ of noisier levels, which are not known yet. Here a first pass takes those of the cleaner
/// level in their place, which are; a pass with given x̂₀ returns new ones, and their fixed point is found like any other, by
/// Anderson acceleration over passes. A last step of higher order is solved together with the steps that it looks back to.
/// The paper's Algorithm 2 estimates those x̂₀ by fine naive steps instead and does not correct them.
///
/// An image whose fixed points are not found, as happens under strong guidance, falls back to naive inversion. A run of one
/// step is approached by few short forward steps instead: its equation is ill-posed, since several noises make nearly the
/// same latent, and solving it further moves the noise away from the true one (docs/one-step.md).
public struct ExactInversion: Sendable {
    /// How fixed points are solved, and x̂₀ of noisier levels found.
    public enum Method: String, Sendable, CaseIterable {
        /// Anderson acceleration of steps and of passes.
        case anderson
        /// The paper's forward step with its step control, and its fine naive steps.
        case paper
    }

    /// What happened to one image.
    public struct Outcome: Sendable {
        /// Calls of the model; with guidance each is of a batch of two.
        public let modelCalls: Int
        /// The largest ‖F(z_i) - z_{i+1}‖ / ‖z_{i+1}‖ over the steps of the last pass; for orders above 1 also the relative
        /// change of the x̂₀ by another pass, if that is larger.
        public let residual: Double
        /// Whether the fixed points were not found and the noise is that of naive inversion.
        public let fellBack: Bool
    }

    /// The solver that the latents are to be taken back through.
    public let solver: DiffusionSolver
    /// How.
    public let method: Method
    /// The relative residual at which a step is solved, at least 0; single precision rounds at 1e-7.
    public var tolerance = 2e-6
    /// Calls of the model for one step at most, within a pass; at least 1. By default 100, or the paper's 50.
    public var evaluations: Int
    /// The relative residual above which an image has not been inverted; on grove naive inversion is then closer to the noise.
    public var limit = 5e-3
    /// The relative change of x̂₀ at which passes end, and their number at most. Within passes a step is solved to a hundredth
    /// of that change, or to `tolerance` if that is larger.
    public var relaxation = (tolerance: 2e-3, passes: 20)

    /// An inversion by one of the methods.
    public init(of solver: DiffusionSolver, method: Method = .anderson) {
        self.solver = solver
        self.method = method
        evaluations = method == .paper ? 50 : 100
    }

    /// From clean latents to initial noise.
    /// - Parameters:
    ///   - latents: z_0, `[B, C, h, w]`.
    ///   - count: steps of the sampling run, at least 1.
    ///   - guidance: that of the sampling run.
    ///   - observe: called after every step with the number of steps solved, over all passes.
    /// - Returns: noise `[B, C, h, w]` and an outcome for each image.
    /// - Throws: what the predictor throws, and `InputError` for a step count that the schedule does not have, a solver that
    ///   does not suit it, or a naive inversion that does not stay finite.
    public func invert(
        _ latents: Tensor, steps count: Int, guidance: Guidance, observe: @escaping (Int) -> Void = { _ in }
    ) throws -> (noise: Tensor, outcomes: [Outcome]) {
        let run = BackwardRun(
            inversion: self, steps: try solver.samplingSteps(count, for: latents), guidance: guidance,
            latents: latents, observe: observe)
        try run.solve()
        if count == 1 && method == .anderson { try run.approach() }
        let lost = run.items.indices.filter { !run.items[$0].noise.isFinite || count > 1 && !run.isSolved($0) }
        var noises = run.items.map(\.noise)
        if !lost.isEmpty {
            let naive = try solver.invert(
                .concatenating(lost.map { latents.item($0) }), steps: count, guidance: guidance.restricted(to: lost))
            for (position, item) in lost.enumerated() { noises[item] = naive.item(position) }
        }
        let outcomes = run.items.enumerated().map { position, item in
            let fellBack = lost.contains(position)
            return Outcome(
                modelCalls: item.calls + (fellBack ? count : 0), residual: item.residual, fellBack: fellBack)
        }
        return (.concatenating(noises), outcomes)
    }
}
