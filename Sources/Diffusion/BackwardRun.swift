import FixedPoints
import Tensors

/// A sampling run that is solved backwards for a batch of images: the state of one `ExactInversion`.
final class BackwardRun {
    private let inversion: ExactInversion
    /// From noise to clean.
    private let steps: [SolverStep]
    private let guidance: Guidance
    private let observe: (Int) -> Void
    /// z_0 of each image.
    private let targets: [Tensor]
    /// z_i of each image at each step's beginning, from noise to clean.
    private var points: [[Tensor]]
    /// Calls of the model for each image.
    private(set) var calls: [Int]
    /// The largest relative residual of each image's last pass.
    private(set) var residuals: [Double]
    private var solved = 0

    init(
        inversion: ExactInversion, steps: [SolverStep], guidance: Guidance, latents: Tensor,
        observe: @escaping (Int) -> Void
    ) {
        self.inversion = inversion
        self.steps = steps
        self.guidance = guidance
        self.observe = observe
        targets = (0..<latents.batch).map { latents.item($0) }
        points = targets.map { [Tensor](repeating: $0, count: steps.count) }
        calls = targets.map { _ in 0 }
        residuals = targets.map { _ in 0 }
    }

    /// z_T of an image.
    func noise(of item: Int) -> Tensor { points[item][0] }

    /// Solves the run.
    func solve() throws {
        let isMultistep = steps.contains { !$0.earlier.isEmpty }
        let start = try pass(
            Array(targets.indices), with: inversion.method == .paper && isMultistep ? .estimated : .none)
        guard isMultistep, inversion.method == .anderson else { return }
        let solver = FixedPointSolver(
            update: AndersonAcceleration(damping: .fixed(1)), evaluations: inversion.relaxation.passes,
            safeguard: Safeguard(tolerance: inversion.relaxation.tolerance, patience: 5, leastFall: 0.05))
        let solutions = try solver.solve(Relaxation(run: self, starts: start))
        for (item, solution) in solutions.enumerated() {
            residuals[item] = max(residuals[item], solution.residual ?? .infinity)
        }
    }

    /// x̂₀ of each step's beginning as a function of those that the pass was given.
    private struct Relaxation: ResidualOperator {
        let run: BackwardRun
        /// `[n, C, h, w]` of each image.
        let starts: [Tensor]
        var scales: [Double] { starts.map { $0.squaredNorm.squareRoot() } }

        func callAsFunction(_ points: [Tensor], of items: [Int]) throws -> [Tensor] {
            let found = try run.pass(items, with: .given(points))
            return zip(points, found).map { $0 - $1 }
        }
    }

    private enum History {
        /// Every step is taken as of order 1.
        case none
        /// x̂₀ of each step's beginning, `[n, C, h, w]` of each image.
        case given([Tensor])
        /// By fine naive steps, for each step anew.
        case estimated
    }

    /// Solves every step once for some images, from clean to noise.
    /// - Returns: x̂₀ of each step's beginning, `[n, C, h, w]` of each image.
    private func pass(_ items: [Int], with history: History) throws -> [Tensor] {
        var clean = items.map { _ in [Tensor]() }
        for item in items { residuals[item] = 0 }
        for index in steps.indices.reversed() {
            let equation = try equation(index, items, history)
            let solutions = try solver(index, history).solve(equation)
            for (position, (item, solution)) in zip(items, solutions).enumerated() {
                calls[item] += solution.evaluations
                residuals[item] = max(residuals[item], solution.residual ?? .infinity)
                points[item][index] = solution.point
                clean[position].insert(try equation.clean(position, solution), at: 0)
            }
            solved += 1
            observe(solved)
        }
        return clean.map { .concatenating($0) }
    }

    private func solver(_ index: Int, _ history: History) -> FixedPointSolver {
        switch inversion.method {
        case .anderson:
            return FixedPointSolver(
                update: AndersonAcceleration(), evaluations: inversion.evaluations,
                safeguard: Safeguard(tolerance: inversion.tolerance, patience: 10, leastFall: 0.05))
        case .paper:
            let isBetween = if case .estimated = history { index > 0 && index + 1 < steps.count } else { false }
            return FixedPointSolver(
                update: PlateauForwardStep(step: isBetween ? 0.1 : 0.5), evaluations: inversion.evaluations,
                safeguard: Safeguard(tolerance: inversion.tolerance, patience: inversion.evaluations, leastFall: 0))
        }
    }

    private func equation(_ index: Int, _ items: [Int], _ history: History) throws -> StepEquation {
        let isClean = index + 1 == steps.count
        let target = Tensor.concatenating(items.map { isClean ? targets[$0] : points[$0][index + 1] })
        var step = steps[index]
        let starts: Tensor
        var earlier: [Tensor] = []
        switch history {
        case .given(let clean):
            starts = .concatenating(items.map { points[$0][index] })
            earlier = (1..<step.earlier.count + 1).map { back in .concatenating(clean.map { $0.item(index - back) }) }
        case .estimated where !step.earlier.isEmpty:
            starts = target
            earlier = try estimatedHistory(step, items, target)
        case .estimated, .none:
            starts = inversion.method == .paper ? try naiveStep(step, items, target) : target
            step = SolverStep(from: step.from, to: step.to, timestep: step.timestep)
        }
        return try StepEquation(
            step: step, variant: inversion.solver.variant, predictor: inversion.solver.predictor,
            guidance: guidance.restricted(to: items), history: earlier, start: starts, target: target,
            isScaled: inversion.method != .paper)
    }

    /// Where Algorithm 1 of the paper begins; x₀ says nothing about the noise where there is none.
    private func naiveStep(_ step: SolverStep, _ items: [Int], _ target: Tensor) throws -> Tensor {
        guard step.to.sigma > 0 || inversion.solver.predictor.predictionType != .sample else { return target }
        for item in items { calls[item] += 1 }
        let output = try guidance.restricted(to: items).predict(
            target, timestep: step.timestep, with: inversion.solver.predictor)
        return try inversion.solver.step(target, output, from: step.to, to: step.from)
    }

    /// Training steps of one fine naive step in the paper's Algorithm 2.
    private static let fineStep = 10.0

    /// Algorithm 2 of the paper: x̂₀ at noisier levels by fine naive DDIM steps from where the step leads, each asking the
    /// model at the level it leads to.
    private func estimatedHistory(_ step: SolverStep, _ items: [Int], _ target: Tensor) throws -> [Tensor] {
        let guidance = guidance.restricted(to: items)
        let (predictor, schedule) = (inversion.solver.predictor, inversion.solver.schedule)
        func ask(_ latents: Tensor, _ level: NoiseLevel) throws -> Tensor {
            for item in items { calls[item] += 1 }
            return try guidance.predict(latents, timestep: level.timestep, with: predictor)
        }
        var (point, level) = (target, step.to)
        var found: [Tensor] = []
        for goal in [step.from] + step.earlier {
            while level.timestep < goal.timestep {
                let isNear = goal.timestep - level.timestep <= Self.fineStep
                let next = isNear ? goal : schedule.level(at: max(level.timestep, 0) + Self.fineStep)
                point = try inversion.solver.step(point, ask(point, next), from: level, to: next)
                level = next
            }
            if goal != step.from {
                found.append(
                    try predictor.predictionType.cleanAndNoise(point, output: ask(point, goal), at: goal).clean)
            }
        }
        return found
    }
}
