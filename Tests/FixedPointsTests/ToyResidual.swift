import FixedPoints
import Tensors

/// T as a function of one item's numbers. Keeps the items of each call.
final class ToyResidual: ResidualOperator {
    let starts: [Tensor]
    let scales: [Double]
    private(set) var calls: [[Int]] = []
    private let map: ([Float], _ item: Int, _ number: Int) throws -> [Float]

    /// - Parameter map: T of an item's numbers at its evaluation `number`, counted from 1.
    init(
        starts: [[Float]], scales: [Double]? = nil,
        map: @escaping ([Float], _ item: Int, _ number: Int) throws -> [Float]
    ) {
        self.starts = starts.map { Tensor($0, shape: [1, 1, 1, $0.count]) }
        self.scales = scales ?? starts.map { _ in 1 }
        self.map = map
    }

    /// T(z) = A·z with the rows of A, for every item.
    convenience init(starts: [[Float]], matrix: [[Float]]) {
        self.init(starts: starts) { numbers, _, _ in
            matrix.map { row in Float(zip(row, numbers).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }) }
        }
    }

    /// T(z) = λᵢ·zᵢ, whose zero is 0.
    convenience init(starts: [[Float]], eigenvalues: [Float]) {
        self.init(starts: starts) { numbers, _, _ in zip(eigenvalues, numbers).map { $0 * $1 } }
    }

    func callAsFunction(_ points: [Tensor], of items: [Int]) throws -> [Tensor] {
        calls.append(items)
        return try zip(items, points).map { item, point in
            let number = calls.count { $0.contains(item) }
            return Tensor(try map(point.elements, item, number), shape: point.shape)
        }
    }
}

/// The iterates z_0 … z_count of one item.
func path(of update: any FixedPointUpdate, on operation: ToyResidual, count: Int) throws -> [[Float]] {
    var iterates = Iterates(of: operation, by: update)
    var path = [iterates.latent(of: 0).elements]
    for _ in 0..<count {
        _ = try iterates.next()?.get()
        path.append(iterates.latent(of: 0).elements)
    }
    return path
}

func vector(_ numbers: Float...) -> Tensor { Tensor(numbers, shape: [1, 1, 1, numbers.count]) }

func norm(_ numbers: [Float]) -> Double { numbers.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }

/// One of each family, with constants that move.
let everyUpdate: [any FixedPointUpdate] = [
    ForwardStep(size: .fixed(0.4)), ForwardStep(), InertialKrasnoselskiiMann(inertia: 0.5, step: 0.2),
    ScheduledAdam(schedule: .warmUpAndCosine(steps: 20), peak: 0.3), AndersonAcceleration(memory: 2),
]
