import Tensors

/// The iterates of one method over a batch of items, without end: each element is one evaluation of T at the current
/// point of every item that is not frozen, in the order of the items.
///
/// The first element belongs to the start z_0. An item whose residual has NaN or infinite elements is frozen after it has
/// been handed out. The sequence ends when every item is frozen, or after the first error of the operator.
public struct Iterates: Sequence, IteratorProtocol {
    /// What one evaluation showed of one item.
    public struct Evaluation: Sendable {
        /// The position of the item in the operator's `starts`.
        public let item: Int
        /// 1 for the first; k + 1 for the iterate z_k.
        public let number: Int
        /// ‖T(point)‖ over the operator's scale; NaN or infinite where T is.
        public let residual: Double
        /// ‖T(point)‖.
        public let norm: Double
        /// z_k, `[1, C, h, w]`.
        public let latent: Tensor
        /// Where T was evaluated: z_k, or y_k of an inertial method.
        public let point: Tensor
        /// T(point), of the point's shape.
        public let difference: Tensor
    }

    private let operation: any ResidualOperator
    private var updates: [any FixedPointUpdate]
    private var proposals: [Proposal]
    private var live: [Int]
    private var number = 0

    /// The iterates from the operator's starts.
    /// - Parameters:
    ///   - operation: T.
    ///   - update: the method in its initial state; every item gets a copy.
    public init(of operation: any ResidualOperator, by update: any FixedPointUpdate) {
        self.operation = operation
        updates = [any FixedPointUpdate](repeating: update, count: operation.starts.count)
        proposals = operation.starts.map { Proposal(latent: $0) }
        live = Array(operation.starts.indices)
    }

    /// Positions of the items that are still iterated, ascending.
    public var liveItems: [Int] { live }

    /// The newest iterate of an item, at which T may not have been evaluated yet.
    public func latent(of item: Int) -> Tensor { proposals[item].latent }

    /// Leaves an item as it is from now on and spends no further evaluation on it.
    public mutating func freeze(_ item: Int) { live.removeAll { $0 == item } }

    /// Evaluates T once more for every live item.
    /// - Returns: one evaluation for each; a failure with what the operator threw; nil at the end.
    public mutating func next() -> Swift.Result<[Evaluation], any Error>? {
        guard !live.isEmpty else { return nil }
        number += 1
        let differences: [Tensor]
        do {
            differences = try operation(live.map { proposals[$0].point }, of: live)
        } catch {
            live = []
            return .failure(error)
        }
        let evaluations = zip(live, differences).map { item, difference in
            let norm = difference.squaredNorm.squareRoot()
            return Evaluation(
                item: item, number: number, residual: norm / operation.scales[item], norm: norm,
                latent: proposals[item].latent, point: proposals[item].point, difference: difference)
        }
        for evaluation in evaluations {
            if evaluation.norm.isFinite {
                proposals[evaluation.item] = updates[evaluation.item]
                    .next(after: evaluation.point, residual: evaluation.difference)
            } else {
                freeze(evaluation.item)
            }
        }
        return .success(evaluations)
    }
}
