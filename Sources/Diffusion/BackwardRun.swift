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
    /// x̂₀ there, once a pass has found it.
    private var cleans: [[Tensor?]]
    /// Calls of the model for each image.
    private(set) var calls: [Int]
    /// The largest relative residual of each image's last pass.
    private(set) var residuals: [Double]
    private var solved = 0

    private var isMultistep: Bool { steps.contains { !$0.earlier.isEmpty } }

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
        cleans = targets.map { _ in [Tensor?](repeating: nil, count: steps.count) }
        calls = targets.map { _ in 0 }
        residuals = targets.map { _ in 0 }
    }

    /// z_T of an image.
    func noise(of item: Int) -> Tensor { points[item][0] }

    /// Solves the run.
    func solve() throws {
        let all = Array(targets.indices)
        guard isMultistep else {
            _ = try pass(all, with: .none)
            return
        }
        guard inversion.method == .anderson else {
            _ = try pass(all, with: .estimated)
            return
        }
        let starts = try pass(all, with: .none)
        let hopeful = all.filter { residuals[$0] <= inversion.limit }
        guard !hopeful.isEmpty else { return }
        let solver = FixedPointSolver(
            update: AndersonAcceleration(damping: .fixed(1)), evaluations: inversion.relaxation.passes,
            safeguard: Safeguard(tolerance: inversion.relaxation.tolerance, patience: 5, leastFall: 0.05))
        let relaxation = Relaxation(run: self, images: hopeful, starts: hopeful.map { starts[$0] })
        for (image, solution) in zip(hopeful, try solver.solve(relaxation)) {
            residuals[image] = max(residuals[image], solution.residual ?? 0)
        }
    }

    /// Few short forward steps from z_0, for the images of a run of one step that was not solved. They settle the components
    /// of the noise that the step tells apart, and leave the others where they begin.
    func approach() throws {
        let items = targets.indices.filter { !(residuals[$0] <= inversion.limit) }
        guard !items.isEmpty else { return }
        let solver = FixedPointSolver(
            update: ForwardStep(size: .fixed(Self.shortStep)), evaluations: Self.shortSteps, safeguard: Safeguard())
        for (item, solution) in zip(items, try solver.solve(equation(0..<1, items, .none))) {
            calls[item] += solution.evaluations
            residuals[item] = solution.residual ?? .infinity
            points[item][0] = solution.point
        }
    }

    /// Evaluations in which the equation of a run of one step is solved, if it can be.
    private static let trials = 30
    /// On grove-flow any step between 0.05 and 0.2 recovers as much of the noise, where the sum of steps is 1.5 to 3.
    private static let shortStep = 0.1
    private static let shortSteps = 15

    /// x̂₀ of each step's beginning as a function of those that the pass was given; not a number for an image of which a step
    /// was not solved, which ends its iteration.
    private struct Relaxation: ResidualOperator {
        let run: BackwardRun
        let images: [Int]
        /// `[n, C, h, w]` of each image.
        let starts: [Tensor]
        var scales: [Double] { starts.map { $0.squaredNorm.squareRoot() } }

        func callAsFunction(_ points: [Tensor], of items: [Int]) throws -> [Tensor] {
            let found = try run.pass(items.map { images[$0] }, with: .given(points))
            return zip(items, zip(points, found)).map { item, pair in
                let isLost = !(run.residuals[images[item]] <= run.inversion.limit)
                return isLost ? Double.nan * pair.0 : pair.0 - pair.1
            }
        }
    }

    private enum History {
        /// Not known: the x̂₀ of the level that a step leads to stands for the earlier one, as if x̂₀ went on in a straight
        /// line over λ.
        case none
        /// x̂₀ of each step's beginning, `[n, C, h, w]` of each image.
        case given([Tensor])
        /// By fine naive steps, for each step anew.
        case estimated
    }

    /// The steps that are solved as one, from clean to noise. A last step of a higher order goes far beyond the x̂₀ that it
    /// looks back to (λ runs away towards the clean end), and alone it can have several solutions or none nearby; together
    /// with the steps before it that made those x̂₀ it is well-conditioned.
    private var blocks: [Range<Int>] {
        let joined = inversion.method == .anderson ? (steps.last?.earlier.count ?? 0) + 1 : 1
        let first = steps.count - joined
        return [first..<steps.count] + (0..<first).reversed().map { $0..<$0 + 1 }
    }

    /// Solves every step once for some images, from clean to noise; ends early where all of them are lost.
    /// - Returns: x̂₀ of each step's beginning, `[n, C, h, w]` of each image.
    private func pass(_ items: [Int], with history: History) throws -> [Tensor] {
        for item in items { residuals[item] = 0 }
        for block in blocks {
            let equation = try equation(block, items, history)
            let solutions = try solver(block, history).solve(equation)
            for (position, (item, solution)) in zip(items, solutions).enumerated() {
                calls[item] += solution.evaluations * block.count + equation.callsOfVisit
                residuals[item] = max(residuals[item], solution.residual ?? .infinity)
                let visited = try equation.visited(position, solution)
                points[item].replaceSubrange(block, with: visited.map(\.latents))
                cleans[item].replaceSubrange(block, with: visited.map(\.clean))
            }
            solved += block.count
            observe(solved)
            if items.allSatisfy({ !(residuals[$0] <= inversion.limit) }) { break }
        }
        return items.map { .concatenating(cleans[$0].compactMap(\.self)) }
    }

    private func solver(_ block: Range<Int>, _ history: History) -> FixedPointSolver {
        switch inversion.method {
        case .anderson:
            let tolerance = isMultistep ? inversion.relaxation.tolerance / 100 : inversion.tolerance
            return FixedPointSolver(
                update: AndersonAcceleration(memory: block.count > 1 ? 10 : 5),
                evaluations: steps.count > 1 ? inversion.evaluations : min(inversion.evaluations, Self.trials),
                safeguard: Safeguard(
                    tolerance: max(tolerance, inversion.tolerance), patience: 10, leastFall: 0.05))
        case .paper:
            let isInner = block.lowerBound > 0 && block.upperBound < steps.count
            let isBetween = if case .estimated = history { isInner } else { false }
            return FixedPointSolver(
                update: PlateauForwardStep(step: isBetween ? 0.1 : 0.5), evaluations: inversion.evaluations,
                safeguard: Safeguard(tolerance: inversion.tolerance, patience: inversion.evaluations, leastFall: 0))
        }
    }

    private func equation(_ block: Range<Int>, _ items: [Int], _ history: History) throws -> StepEquation {
        let isClean = block.upperBound == steps.count
        let target = Tensor.concatenating(items.map { isClean ? targets[$0] : points[$0][block.upperBound] })
        var steps = Array(steps[block])
        let first = steps[0]
        var starts = target
        var startsClean: Tensor?
        var earlier: [Tensor] = []
        switch history {
        case .given(let clean):
            starts = .concatenating(items.map { points[$0][block.lowerBound] })
            startsClean = .concatenating(items.compactMap { cleans[$0][block.lowerBound] })
            earlier = first.earlier.indices.map { back in
                .concatenating(clean.map { $0.item(block.lowerBound - 1 - back) })
            }
        case .estimated where !first.earlier.isEmpty:
            earlier = try estimatedHistory(first, items, target)
        case .none where !first.earlier.isEmpty && !isClean:
            steps = [SolverStep(from: first.from, to: first.to, earlier: [first.to])]
            earlier = [.concatenating(items.compactMap { cleans[$0][block.upperBound] })]
        case .estimated, .none:
            if inversion.method == .paper {
                starts = try naiveStep(first, items, target)
            } else if let last = steps.last, steps.count > 1 {
                starts = try fineSteps(target, items, from: last.to, to: first.from)
            }
            steps = steps.enumerated().map { back, step in
                SolverStep(
                    from: step.from, to: step.to, timestep: step.timestep, earlier: Array(step.earlier.prefix(back)))
            }
        }
        return try StepEquation(
            steps: steps, variant: inversion.solver.variant, predictor: inversion.solver.predictor,
            guidance: guidance.restricted(to: items), history: earlier, start: starts, startsClean: startsClean,
            target: target, isScaled: inversion.method != .paper)
    }

    /// Where Algorithm 1 of the paper begins; x₀ says nothing about the noise where there is none.
    private func naiveStep(_ step: SolverStep, _ items: [Int], _ target: Tensor) throws -> Tensor {
        guard step.to.sigma > 0 || inversion.solver.predictor.predictionType != .sample else { return target }
        return try inversion.solver.step(target, ask(target, step.from, items), from: step.to, to: step.from)
    }

    /// Training steps of one fine naive step in the paper's Algorithm 2.
    private static let fineStep = 10.0

    /// Fine naive DDIM steps, each asking the model at the level it leads to.
    private func fineSteps(
        _ latents: Tensor, _ items: [Int], from start: NoiseLevel, to goal: NoiseLevel
    ) throws -> Tensor {
        var (point, level) = (latents, start)
        while level.timestep < goal.timestep {
            let isNear = goal.timestep - level.timestep <= Self.fineStep
            let next = isNear ? goal : inversion.solver.schedule.level(at: max(level.timestep, 0) + Self.fineStep)
            point = try inversion.solver.step(point, ask(point, next, items), from: level, to: next)
            level = next
        }
        return point
    }

    /// Algorithm 2 of the paper: x̂₀ at noisier levels by fine naive steps from where the step leads.
    private func estimatedHistory(_ step: SolverStep, _ items: [Int], _ target: Tensor) throws -> [Tensor] {
        var point = try fineSteps(target, items, from: step.to, to: step.from)
        var level = step.from
        return try step.earlier.map { goal in
            point = try fineSteps(point, items, from: level, to: goal)
            level = goal
            return try inversion.solver.predictor.predictionType
                .cleanAndNoise(point, output: ask(point, goal, items), at: goal).clean
        }
    }

    private func ask(_ latents: Tensor, _ level: NoiseLevel, _ items: [Int]) throws -> Tensor {
        for item in items { calls[item] += 1 }
        return try guidance.restricted(to: items).predict(
            latents, timestep: level.timestep, with: inversion.solver.predictor)
    }
}
