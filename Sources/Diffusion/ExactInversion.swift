import FixedPoints
import Tensors

/// Takes clean latents back to the very noise that a solver's sampling run would turn into them (Hong et al., CVPR 2024,
/// arXiv 2311.18387): each sampling step F_i is inverted by solving F_i(z_i) = z_{i+1} for z_i, from clean to noise.
///
/// Order 1 (Algorithm 1, backward Euler): F depends on z_i alone, one pass suffices. Higher orders: F also depends on x̂₀ of
/// noisier levels, which are not known yet. Here the first pass takes every step as of order 1, and further passes use the
/// x̂₀ of the pass before (relaxation over the whole run) until the noise does not change any more. The paper's Algorithm 2
/// estimates those x̂₀ by fine naive steps instead and does not correct them.
///
/// An image whose fixed points are not found, as happens under strong guidance, falls back to naive inversion.
public struct ExactInversion: Sendable {
    /// How fixed points are solved, and x̂₀ of noisier levels found.
    public enum Method: String, Sendable, CaseIterable {
        /// Anderson acceleration, and relaxation.
        case anderson
        /// The paper's forward step with its step control, and its fine naive steps.
        case paper
    }

    /// What happened to one image.
    public struct Outcome: Sendable {
        /// Calls of the model; with guidance each is of a batch of two.
        public let modelCalls: Int
        /// The largest ‖F(z_i) - z_{i+1}‖ / ‖z_{i+1}‖ over the steps of the last pass.
        public let residual: Double
        /// Whether the fixed points were not found and the noise is that of naive inversion.
        public let fellBack: Bool
    }

    /// The solver that the latents are to be taken back through.
    public let solver: DiffusionSolver
    /// How.
    public let method: Method
    /// The relative residual at which a step is solved; single precision rounds at 1e-7.
    public var tolerance = 2e-6
    /// Evaluations of F for one step at most.
    public var evaluations: Int
    /// The residual of a step above which an image has not been inverted.
    public var limit = 0.02
    /// Passes over the run at most, for orders above 1.
    public var passes = 24

    /// An inversion by one of the methods.
    public init(of solver: DiffusionSolver, method: Method = .anderson) {
        self.solver = solver
        self.method = method
        evaluations = method == .paper ? 50 : 12
    }

    /// From clean latents to initial noise.
    /// - Parameters:
    ///   - latents: `[B, C, h, w]`.
    ///   - observe: called after every step with the number of steps solved, over all passes.
    /// - Returns: noise `[B, C, h, w]` and an outcome for each image.
    /// - Throws: what the predictor throws, and `InputError` for a step count that the schedule does not have.
    public func invert(
        _ latents: Tensor, steps: Int, guidance: Guidance, observe: (Int) -> Void = { _ in }
    ) throws -> (noise: Tensor, outcomes: [Outcome]) {
        var run = Run(
            inversion: self, steps: try solver.schedule.samplingSteps(steps, by: solver.solver), guidance: guidance,
            latents: latents)
        try run.solve(observe)
        return try run.finished(steps)
    }
}

/// The state of one inversion.
private struct Run {
    let inversion: ExactInversion
    let steps: [SolverStep]
    let guidance: Guidance
    let latents: Tensor
    /// z_i of each step's beginning, `[B, C, h, w]`, from noise to clean.
    var points: [Tensor]
    /// x̂₀ at those points; nil before the first pass.
    var clean: [Tensor?]
    var residuals: [Double]
    var calls: [Int]
    var isLost: [Bool]
    private var solved = 0

    init(inversion: ExactInversion, steps: [SolverStep], guidance: Guidance, latents: Tensor) {
        self.inversion = inversion
        self.steps = steps
        self.guidance = guidance
        self.latents = latents
        points = [Tensor](repeating: latents, count: steps.count)
        clean = [Tensor?](repeating: nil, count: steps.count)
        residuals = [Double](repeating: 0, count: latents.batch)
        calls = [Int](repeating: 0, count: latents.batch)
        isLost = [Bool](repeating: false, count: latents.batch)
    }

    private var predictor: any NoisePredictor { inversion.solver.predictor }
    private var isMultistep: Bool { steps.contains { !$0.earlier.isEmpty } }

    mutating func solve(_ observe: (Int) -> Void) throws {
        if inversion.method == .paper || !isMultistep { return try pass(isFirst: true, observe) }
        try pass(isFirst: true, observe)
        var change = Double.infinity
        for _ in 1..<inversion.passes {
            let before = points[0]
            try pass(isFirst: false, observe)
            let now = ((points[0] - before).squaredNorm / before.squaredNorm).squareRoot()
            // A relaxation that does not contract any more has reached what rounding allows.
            if now <= 10 * inversion.tolerance || now > 2 * change { break }
            change = now
        }
    }

    /// Solves every step once, from clean to noise.
    private mutating func pass(isFirst: Bool, _ observe: (Int) -> Void) throws {
        residuals = [Double](repeating: 0, count: latents.batch)
        for index in steps.indices.reversed() {
            let target = index + 1 < steps.count ? points[index + 1] : latents
            let start = isFirst ? target : points[index]
            try solve(index, from: start, to: target, isFirst: isFirst)
            solved += 1
            observe(solved)
        }
    }

    private mutating func solve(_ index: Int, from start: Tensor, to target: Tensor, isFirst: Bool) throws {
        let equation = try equation(index, from: start, to: target, isFirst: isFirst)
        let solver: FixedPointSolver
        switch inversion.method {
        case .anderson:
            solver = FixedPointSolver(
                update: AndersonAcceleration(), evaluations: inversion.evaluations,
                safeguard: Safeguard(tolerance: inversion.tolerance, patience: 4, leastFall: 0.05))
        case .paper:
            let step = index > 0 && index + 1 < steps.count && isMultistep ? 0.1 : 0.5
            solver = FixedPointSolver(
                update: PlateauForwardStep(step: step), evaluations: inversion.evaluations,
                safeguard: Safeguard(tolerance: inversion.tolerance, patience: inversion.evaluations, leastFall: 0))
        }
        let solutions = try solver.solve(equation)
        for (item, solution) in solutions.enumerated() {
            calls[item] += solution.evaluations
            residuals[item] = max(residuals[item], solution.residual ?? .infinity)
            if solution.residual ?? .infinity > inversion.limit { isLost[item] = true }
        }
        points[index] = .concatenating(solutions.map(\.point))
        clean[index] = .concatenating(try solutions.enumerated().map { try equation.clean($0.offset, $0.element) })
    }

    private mutating func equation(
        _ index: Int, from start: Tensor, to target: Tensor, isFirst: Bool
    ) throws -> StepEquation {
        let step = steps[index]
        var history: [Tensor] = []
        var usesHistory = !step.earlier.isEmpty
        if inversion.method == .paper, usesHistory {
            history = try paperHistory(step, target)
        } else if isFirst {
            usesHistory = false
        } else {
            history = (1..<step.earlier.count + 1).compactMap { clean[index - $0] }
        }
        let used =
            usesHistory ? step : SolverStep(from: step.from, to: step.to, timestep: step.timestep, earlier: [])
        return StepEquation(
            step: used,
            coefficients: try used.coefficients(
                of: predictor.predictionType, variant: inversion.solver.variant),
            predictor: predictor, guidance: guidance, history: history, start: start, target: target)
    }

    /// Algorithm 2 of the paper: x̂₀ at the noisier level by naive DDIM steps of ten training steps from where the step
    /// leads, each asking the model at the level it leads to.
    private mutating func paperHistory(_ step: SolverStep, _ target: Tensor) throws -> [Tensor] {
        var point = target
        var level = step.to
        var found: [Tensor] = []
        for goal in [step.from] + step.earlier {
            while level.timestep < goal.timestep {
                let isLast = goal.timestep - level.timestep <= 10
                let next = isLast ? goal : inversion.solver.schedule.level(at: max(level.timestep, 0) + 10)
                let output = try guidance.predict(point, timestep: next.timestep, with: predictor)
                for item in calls.indices { calls[item] += 1 }
                let move = try SolverStep(from: level, to: next).coefficients(
                    of: predictor.predictionType, variant: .midpoint)
                point = .combination((move.latent, point), (move.output, output))
                level = next
            }
            if goal != step.from {
                let output = try guidance.predict(point, timestep: goal.timestep, with: predictor)
                for item in calls.indices { calls[item] += 1 }
                let conversion = try predictor.predictionType.conversion(at: goal).clean
                found.append(.combination((conversion.latent, point), (conversion.output, output)))
            }
        }
        return found
    }

    /// Noise and outcomes, with naive inversion for images that were lost.
    func finished(_ count: Int) throws -> (noise: Tensor, outcomes: [ExactInversion.Outcome]) {
        var noises = (0..<latents.batch).map { points[0].item($0) }
        let lost = isLost.indices.filter { isLost[$0] || !noises[$0].isFinite }
        if !lost.isEmpty {
            let naive = try inversion.solver.invert(
                .concatenating(lost.map { latents.item($0) }), steps: count, guidance: guidance.restricted(to: lost))
            for (position, item) in lost.enumerated() { noises[item] = naive.item(position) }
        }
        let outcomes = noises.indices.map { item in
            let fellBack = lost.contains(item)
            return ExactInversion.Outcome(
                modelCalls: calls[item] + (fellBack ? count : 0), residual: residuals[item], fellBack: fellBack)
        }
        return (.concatenating(noises), outcomes)
    }
}
