import NoiseSchedules
import Tensors

extension BackwardRun {
    /// What a pass takes for x̂₀ of the noisier levels that a step of a higher order looks back to.
    enum History {
        /// x̂₀ of the level that the step leads to stands for it, as if x̂₀ went on in a straight line over λ. The last step,
        /// which has no such level, forgets what lies before its block.
        case cleaner
        /// x̂₀ of each step's beginning, `[n, C, h, w]` of each image.
        case given([Tensor])
        /// By fine naive steps, for each step anew.
        case estimated

        var isEstimated: Bool { if case .estimated = self { true } else { false } }
    }

    /// All that an equation F(z) = z' is made from beside z'; `StepEquation` has the same parts.
    private struct Sides {
        var steps: [SolverStep]
        var history: [Tensor] = []
        var start: Tensor
        var startsClean: Tensor?
    }

    /// The equation of the steps of a block, for some images.
    func equation(_ block: Range<Int>, _ images: [Int], _ history: History) throws -> StepEquation {
        let target = gather(images) { $0.latents(at: block.upperBound) }
        let sides = try sides(block, images, history, target)
        return try StepEquation(
            steps: sides.steps, variant: inversion.solver.variant, predictor: inversion.solver.predictor,
            guidance: guidance.restricted(to: images), history: sides.history, start: sides.start,
            startsClean: sides.startsClean, target: target, isScaled: inversion.method != .paper)
    }

    private func sides(
        _ block: Range<Int>, _ images: [Int], _ history: History, _ target: Tensor
    ) throws -> Sides {
        let first = steps[block.lowerBound]
        let looksBack = !first.earlier.isEmpty
        switch history {
        case .given(let cleans):
            let earlier = first.earlier.indices.map { back in
                Tensor.concatenating(cleans.map { $0.item(block.lowerBound - 1 - back) })
            }
            return Sides(
                steps: Array(steps[block]), history: earlier,
                start: gather(images) { $0.latents(at: block.lowerBound) },
                startsClean: gather(images) { $0.clean(at: block.lowerBound) })
        case .estimated where looksBack:
            return Sides(
                steps: Array(steps[block]), history: try estimatedHistory(first, images, target), start: target)
        case .cleaner where looksBack && block.upperBound < steps.count:
            return Sides(
                steps: [SolverStep(from: first.from, to: first.to, earlier: [first.to])],
                history: [gather(images) { $0.clean(at: block.upperBound) }], start: target)
        case .cleaner, .estimated:
            return Sides(steps: selfContained(block), start: try naiveStart(block, images, target))
        }
    }

    /// The steps of a block, each of the order that the steps before it within the block allow.
    private func selfContained(_ block: Range<Int>) -> [SolverStep] {
        steps[block].enumerated().map { position, step in
            SolverStep(
                from: step.from, to: step.to, timestep: step.timestep, earlier: Array(step.earlier.prefix(position)))
        }
    }

    /// Where the iteration begins that has nothing but z': there, after the naive step of the paper's Algorithm 1, or, for
    /// several steps at once, after fine naive steps.
    private func naiveStart(_ block: Range<Int>, _ images: [Int], _ target: Tensor) throws -> Tensor {
        let (first, last) = (steps[block.lowerBound], steps[block.upperBound - 1])
        switch inversion.method {
        case .paper: return try naiveStep(first, images, target)
        case .anderson: return block.count > 1 ? try fineSteps(target, images, from: last.to, to: first.from) : target
        }
    }

    /// x₀ says nothing about the noise where there is none: the start is then z' itself.
    private func naiveStep(_ step: SolverStep, _ images: [Int], _ target: Tensor) throws -> Tensor {
        let solver = inversion.solver
        guard step.to.sigma > 0 || solver.predictor.predictionType != .sample else { return target }
        return try solver.step(target, ask(target, step.from, images), from: step.to, to: step.from)
    }

    /// Algorithm 2 of the paper: x̂₀ at noisier levels by fine naive steps from where the step leads.
    private func estimatedHistory(_ step: SolverStep, _ images: [Int], _ target: Tensor) throws -> [Tensor] {
        var point = try fineSteps(target, images, from: step.to, to: step.from)
        var level = step.from
        return try step.earlier.map { goal in
            point = try fineSteps(point, images, from: level, to: goal)
            level = goal
            return try inversion.solver.predictor.predictionType
                .cleanAndNoise(point, output: ask(point, goal, images), at: goal).clean
        }
    }

    /// Training steps of one fine naive step in the paper's Algorithm 2.
    private static let fineStep = 10.0

    /// Fine naive DDIM steps, each asking the model at the level it leads to.
    private func fineSteps(
        _ latents: Tensor, _ images: [Int], from start: NoiseLevel, to goal: NoiseLevel
    ) throws -> Tensor {
        var (point, level) = (latents, start)
        while level.timestep < goal.timestep {
            let isNear = goal.timestep - level.timestep <= Self.fineStep
            let next = isNear ? goal : inversion.solver.schedule.level(at: max(level.timestep, 0) + Self.fineStep)
            point = try inversion.solver.step(point, ask(point, next, images), from: level, to: next)
            level = next
        }
        return point
    }

    private func gather(_ images: [Int], _ part: (BackwardItem) -> Tensor) -> Tensor {
        .concatenating(images.map { part(items[$0]) })
    }
}
