import FixedPoints
import Models
import NoiseSchedules
import Tensors

/// The equation F(z) = z' of one sampling step, or of several in a row taken as one, as a fixed point.
///
/// Of one step F(z) = a·z + b·m(z) + c, and T(z) = (F(z) - z')/a, so that z - T(z) is z' with the model's part taken away,
/// and one iteration from z' is the naive step. Of several steps T(z) = F(z) - z'.
struct StepEquation: ResidualOperator {
    private let steps: [SolverStep]
    private let coefficients: [SolverStep.Coefficients]
    /// From z and the model's output to x̂₀, at each step's beginning.
    private let conversions: [(latent: Double, output: Double)]
    private let predictor: any NoisePredictor
    private let guidance: Guidance
    /// x̂₀ of levels before the first step, the newest first, `[B, C, h, w]` each.
    private let history: [Tensor]
    /// z', `[B, C, h, w]`.
    private let target: Tensor
    private let divisor: Double
    let starts: [Tensor]
    let scales: [Double]

    /// Below it a step says too little of its beginning for it to be divided by.
    private static let smallestDivisor = 0.1

    /// - Parameters:
    ///   - steps: from noise to clean; one's `earlier` levels are those of the steps before it and then of `history`.
    ///   - guidance: of the items that the equation is for.
    ///   - history: x̂₀ of levels before the first step, the newest first, `[B, C, h, w]` each.
    ///   - start: where to begin, `[B, C, h, w]`.
    ///   - startsClean: x̂₀ there, where it is known; a single step then begins at start - T(start), which costs no call.
    ///   - target: z', `[B, C, h, w]`.
    ///   - isScaled: whether T of a single step is divided by a, or F(z) - z' as it is.
    init(
        steps: [SolverStep], variant: Solver.DPMSettings.Variant, predictor: any NoisePredictor, guidance: Guidance,
        history: [Tensor], start: Tensor, startsClean: Tensor?, target: Tensor, isScaled: Bool
    ) throws {
        self.steps = steps
        self.predictor = predictor
        self.guidance = guidance
        self.history = history
        self.target = target
        coefficients = try steps.map { try $0.coefficients(of: predictor.predictionType, variant: variant) }
        conversions = try steps.map { try predictor.predictionType.conversion(at: $0.from).clean }
        divisor = isScaled && steps.count == 1 ? max(coefficients[0].latent, Self.smallestDivisor) : 1
        let share = 1 / divisor
        var start = start
        if let startsClean, steps.count == 1 {
            let (step, conversion) = (coefficients[0], conversions[0])
            let weight = step.output / conversion.output * share
            start = .combination(
                [
                    (1 - step.latent * share + weight * conversion.latent, start), (-weight, startsClean),
                    (share, target),
                ] + zip(step.history.map { -share * $0 }, history))
        }
        starts = (0..<start.batch).map { start.item($0) }
        scales = (0..<target.batch).map { item in
            let energy = target.item(item).squaredNorm
            return energy > 0 ? energy.squareRoot() * share : 1
        }
    }

    func callAsFunction(_ points: [Tensor], of items: [Int]) throws -> [Tensor] {
        let (_, begin, earlier) = try approach(.concatenating(points), items)
        let last = steps.count - 1
        let output = try ask(begin, last, items)
        let share = 1 / divisor
        let difference = Tensor.combination(
            [
                (coefficients[last].latent * share, begin), (coefficients[last].output * share, output),
                (-share, Self.select(items, of: target)),
            ] + zip(coefficients[last].history.map { $0 * share }, earlier))
        return items.indices.map { difference.item($0) }
    }

    /// Whether a step gives the model's output so little weight (Karras's last has none) that the output cannot be read off
    /// T: single precision would leave less than three digits of it.
    private var hidesOutput: Bool {
        let last = steps.count - 1
        return abs(coefficients[last].output) < 1e-4 * abs(conversions[last].output)
    }

    /// Calls of the model that `visited` makes for an item.
    var callsOfVisit: Int { steps.count - (hidesOutput ? 0 : 1) }

    /// z and x̂₀ at each step's beginning, at a solution for an item. The model's output of the last step is taken from T
    /// there where that is possible.
    func visited(_ item: Int, _ solution: FixedPointSolver.Solution) throws -> [StepBeginning] {
        let (visited, begin, earlier) = try approach(solution.point, [item])
        let last = steps.count - 1
        let (step, conversion) = (coefficients[last], conversions[last])
        guard let difference = solution.difference, !hidesOutput else {
            let output = try ask(begin, last, [item])
            let clean = Tensor.combination((conversion.latent, begin), (conversion.output, output))
            return visited + [StepBeginning(latents: begin, clean: clean)]
        }
        let share = conversion.output / step.output
        let clean = Tensor.combination(
            [
                (conversion.latent - share * step.latent, begin), (share * divisor, difference),
                (share, target.item(item)),
            ] + zip(step.history.map { -share * $0 }, earlier))
        return visited + [StepBeginning(latents: begin, clean: clean)]
    }

    /// Makes every step but the last from its beginning.
    /// - Returns: z and x̂₀ at the beginnings of those steps, z at the last one's, and the x̂₀ that it looks back to.
    private func approach(
        _ points: Tensor, _ items: [Int]
    ) throws -> (visited: [StepBeginning], begin: Tensor, earlier: [Tensor]) {
        var visited: [StepBeginning] = []
        var begin = points
        var earlier = history.map { Self.select(items, of: $0) }
        for (index, step) in coefficients.dropLast().enumerated() {
            let output = try ask(begin, index, items)
            let clean = Tensor.combination((conversions[index].latent, begin), (conversions[index].output, output))
            visited.append(StepBeginning(latents: begin, clean: clean))
            begin = .combination([(step.latent, begin), (step.output, output)] + zip(step.history, earlier))
            earlier.insert(clean, at: 0)
        }
        return (visited, begin, earlier)
    }

    private func ask(_ latents: Tensor, _ index: Int, _ items: [Int]) throws -> Tensor {
        try guidance.restricted(to: items).predict(latents, timestep: steps[index].timestep, with: predictor)
    }

    private static func select(_ items: [Int], of tensor: Tensor) -> Tensor {
        .concatenating(items.map { tensor.item($0) })
    }
}
