import FixedPoints
import Tensors

/// x̂₀ of each step's beginning as a function of those that a pass was given; its fixed point is the run of a solver of a
/// higher order.
struct HistoryRelaxation: ResidualOperator {
    /// x̂₀ of a first pass, `[n, C, h, w]` of each image.
    let starts: [Tensor]
    /// ‖x̂₀‖ of the first pass.
    let scales: [Double]
    /// A pass for some images with given x̂₀: the x̂₀ that it finds, nil for an image of which a step was not solved.
    private let pass: (_ items: [Int], _ cleans: [Tensor]) throws -> [Tensor?]

    init(starts: [Tensor], pass: @escaping (_ items: [Int], _ cleans: [Tensor]) throws -> [Tensor?]) {
        self.starts = starts
        scales = starts.map { $0.squaredNorm.squareRoot() }
        self.pass = pass
    }

    /// Not a number for an image of which a step was not solved, which ends its iteration.
    func callAsFunction(_ points: [Tensor], of items: [Int]) throws -> [Tensor] {
        zip(points, try pass(items, points)).map { given, found in
            guard let found else { return Double.nan * given }
            return given - found
        }
    }
}
