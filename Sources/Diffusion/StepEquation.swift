import FixedPoints
import Tensors

/// The equation F(z) = z' of one sampling step, as a fixed point: with F(z) = a·z + b·m(z) + c, T(z) = (F(z) - z')/a, so
/// that z - T(z) is z' with the model's part taken away, and one iteration from z' is the naive step.
struct StepEquation: ResidualOperator {
    private let step: SolverStep
    private let coefficients: SolverStep.Coefficients
    private let conversion: (latent: Double, output: Double)
    private let predictor: any NoisePredictor
    private let guidance: Guidance
    /// (c - z')/a of each item.
    private let offsets: [Tensor]
    private let divisor: Double
    let starts: [Tensor]
    let scales: [Double]

    /// Below it a step says too little of its beginning for it to be divided by.
    private static let smallestDivisor = 0.1

    /// - Parameters:
    ///   - guidance: of the items that the equation is for.
    ///   - history: x̂₀ of the step's earlier levels, `[B, C, h, w]` each.
    ///   - start: where to begin, `[B, C, h, w]`.
    ///   - target: z', `[B, C, h, w]`.
    ///   - isScaled: whether T is divided by a, or F(z) - z' as it is.
    init(
        step: SolverStep, variant: Solver.DPMSettings.Variant, predictor: any NoisePredictor, guidance: Guidance,
        history: [Tensor], start: Tensor, target: Tensor, isScaled: Bool
    ) throws {
        self.step = step
        self.predictor = predictor
        self.guidance = guidance
        coefficients = try step.coefficients(of: predictor.predictionType, variant: variant)
        conversion = try predictor.predictionType.conversion(at: step.from).clean
        divisor = isScaled ? max(coefficients.latent, Self.smallestDivisor) : 1
        let share = 1 / divisor
        let offset = Tensor.combination(
            [(-share, target)] + zip(coefficients.history, history).map { ($0 * share, $1) })
        offsets = (0..<target.batch).map { offset.item($0) }
        starts = (0..<start.batch).map { start.item($0) }
        scales = (0..<target.batch).map { item in
            let energy = target.item(item).squaredNorm
            return energy > 0 ? energy.squareRoot() * share : 1
        }
    }

    func callAsFunction(_ points: [Tensor], of items: [Int]) throws -> [Tensor] {
        let output = try guidance.restricted(to: items).predict(
            .concatenating(points), timestep: step.timestep, with: predictor)
        return items.enumerated().map { position, item in
            .combination(
                (coefficients.latent / divisor, points[position]),
                (coefficients.output / divisor, output.item(position)), (1, offsets[item]))
        }
    }

    /// x̂₀ at a solution; the model's output is taken from T there, so that this is no further call.
    func clean(_ item: Int, _ solution: FixedPointSolver.Solution) throws -> Tensor {
        guard let difference = solution.difference, coefficients.output != 0 else {
            let output = try guidance.restricted(to: [item]).predict(
                solution.point, timestep: step.timestep, with: predictor)
            return .combination((conversion.latent, solution.point), (conversion.output, output))
        }
        let share = conversion.output * divisor / coefficients.output
        return .combination(
            (conversion.latent - conversion.output * coefficients.latent / coefficients.output, solution.point),
            (share, difference), (-share, offsets[item]))
    }
}
