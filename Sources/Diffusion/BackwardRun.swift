import FixedPoints
import NoiseSchedules
import Tensors

/// A sampling run that is solved backwards for a batch of images: the work of one `ExactInversion`.
///
/// A pass goes over the steps from clean to noise and solves F(z_i) = z_{i+1} for z_i. What a step of a higher order looks
/// back to, x̂₀ of noisier levels, is not known then, and passes differ in what they take for it: `History`.
final class BackwardRun {
    let inversion: ExactInversion
    /// From noise to clean.
    let steps: [SolverStep]
    let guidance: Guidance
    /// The images of the batch.
    private(set) var items: [BackwardItem]
    private let observe: (Int) -> Void
    private var solved = 0

    init(
        inversion: ExactInversion, steps: [SolverStep], guidance: Guidance, latents: Tensor,
        observe: @escaping (Int) -> Void
    ) {
        self.inversion = inversion
        self.steps = steps
        self.guidance = guidance
        self.observe = observe
        items = (0..<latents.batch).map { BackwardItem(target: latents.item($0), steps: steps.count) }
    }

    /// Solves the run.
    func solve() throws {
        let all = Array(items.indices)
        guard steps.contains(where: { !$0.earlier.isEmpty }) else {
            // Algorithm 1 of the paper, whatever solves its equations.
            return try pass(all, with: .cleaner, tolerance: inversion.tolerance)
        }
        switch inversion.method {
        // Algorithm 2.
        case .paper: try pass(all, with: .estimated, tolerance: inversion.tolerance)
        case .anderson:
            try pass(all, with: .cleaner, tolerance: relaxedTolerance)
            try relax(all.filter(isSolved))
        }
    }

    /// Passes for some images whose x̂₀ of noisier levels are those of the pass before, until they no longer change.
    private func relax(_ images: [Int]) throws {
        guard !images.isEmpty else { return }
        let settings = inversion.relaxation
        let solver = FixedPointSolver(
            update: AndersonAcceleration(damping: .fixed(1)), evaluations: settings.passes,
            safeguard: Safeguard(tolerance: settings.tolerance, patience: 5, leastFall: 0.05))
        let relaxation = HistoryRelaxation(starts: images.map { items[$0].cleans }) { positions, cleans in
            let images = positions.map { images[$0] }
            try self.pass(images, with: .given(cleans), tolerance: self.relaxedTolerance)
            return images.map { self.isSolved($0) ? self.items[$0].cleans : nil }
        }
        for (image, solution) in zip(images, try solver.solve(relaxation)) {
            // An image that was lost in the first of these passes shows no change; the residual of its step stands.
            let unmeasured = isSolved(image) ? .infinity : items[image].residual
            items[image].residual = max(items[image].residual, solution.residual ?? unmeasured)
        }
    }

    /// Solves every step once for some images, from clean to noise; ends early where all of them are lost.
    /// - Parameter tolerance: the relative residual at which Anderson acceleration has solved a step.
    private func pass(_ images: [Int], with history: History, tolerance: Double) throws {
        for image in images { items[image].residual = 0 }
        for block in blocks {
            let equation = try equation(block, images, history)
            let solutions = try solver(block, history, tolerance).solve(equation)
            for (position, (image, solution)) in zip(images, solutions).enumerated() {
                items[image].calls += solution.evaluations * block.count + equation.callsOfVisit
                items[image].residual = max(items[image].residual, solution.residual ?? .infinity)
                items[image].keep(try equation.visited(position, solution), of: block)
            }
            solved += block.count
            observe(solved)
            if !images.contains(where: isSolved) { return }
        }
    }

    /// The steps that are solved as one, from clean to noise. A last step of a higher order goes far beyond the x̂₀ that it
    /// looks back to (λ runs away towards the clean end), and alone it can have several solutions or none nearby; together
    /// with the steps before it that made those x̂₀ it is well-conditioned.
    private var blocks: [Range<Int>] {
        let joined = inversion.method == .anderson ? steps[steps.count - 1].earlier.count + 1 : 1
        let first = steps.count - joined
        return [first..<steps.count] + (0..<first).reversed().map { $0..<$0 + 1 }
    }

    private func solver(_ block: Range<Int>, _ history: History, _ tolerance: Double) -> FixedPointSolver {
        switch inversion.method {
        case .anderson:
            return FixedPointSolver(
                update: AndersonAcceleration(memory: block.count > 1 ? 10 : 5),
                evaluations: steps.count > 1 ? inversion.evaluations : min(inversion.evaluations, Self.trials),
                safeguard: Safeguard(tolerance: tolerance, patience: 10, leastFall: 0.05))
        case .paper:
            let isInner = block.lowerBound > 0 && block.upperBound < steps.count
            return FixedPointSolver(
                update: PlateauForwardStep(step: history.isEstimated && isInner ? 0.1 : 0.5),
                evaluations: inversion.evaluations,
                safeguard: Safeguard(tolerance: tolerance, patience: inversion.evaluations, leastFall: 0))
        }
    }

    /// Of a step within passes that end at a change of x̂₀: a hundredth of it.
    private var relaxedTolerance: Double { max(inversion.relaxation.tolerance / 100, inversion.tolerance) }

    /// Evaluations in which the equation of a run of one step is solved, if it can be.
    private static let trials = 30

    /// Whether the last pass has solved every step of an image so far.
    func isSolved(_ image: Int) -> Bool { items[image].residual <= inversion.limit }

    /// Few short forward steps from z_0, for the images of a run of one step that was not solved. They settle the components
    /// of the noise that the step tells apart, and leave the others where they begin.
    func approach() throws {
        let images = items.indices.filter { !isSolved($0) }
        guard !images.isEmpty else { return }
        let solver = FixedPointSolver(
            update: ForwardStep(size: .fixed(Self.shortStep)), evaluations: Self.shortSteps, safeguard: Safeguard())
        let solutions = try solver.solve(equation(0..<1, images, .cleaner))
        for (image, solution) in zip(images, solutions) {
            items[image].calls += solution.evaluations
            items[image].residual = solution.residual ?? .infinity
            items[image].keep(noise: solution.point)
        }
    }

    /// On grove-flow any step between 0.05 and 0.2 recovers as much of the noise, where the sum of steps is 1.5 to 3.
    private static let shortStep = 0.1
    private static let shortSteps = 15

    /// The guided output of the model for some images at a level of noise.
    func ask(_ latents: Tensor, _ level: NoiseLevel, _ images: [Int]) throws -> Tensor {
        for image in images { items[image].calls += 1 }
        return try guidance.restricted(to: images).predict(
            latents, timestep: level.timestep, with: inversion.solver.predictor)
    }
}
