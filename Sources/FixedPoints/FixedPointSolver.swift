import Tensors

/// Why an item's iteration ended.
public enum FixedPointEnding: String, Sendable {
    /// All evaluations were spent.
    case spent
    /// The residual fell to the safeguard's tolerance.
    case converged
    /// The best residual has not fallen any more for a while.
    case stalled
    /// The residual grew far beyond that of the start, or was NaN or infinite; an earlier point was kept.
    case diverged
}

/// Looks for the zero of an operator by one method, each item of a batch by its own iteration: an item that is finished is
/// frozen and costs nothing any more, and its result is the one it would have alone.
public struct FixedPointSolver: Sendable {
    /// What became of one item.
    public struct Solution: Sendable {
        /// The point, of the start's shape, finite where the start is.
        public let point: Tensor
        /// T at the point; nil where it was not evaluated there, or is not finite.
        public let difference: Tensor?
        /// Why the iteration ended.
        public let ending: FixedPointEnding
        /// Evaluations of T that were spent on it.
        public let evaluations: Int
        /// ‖T‖ at the start over the operator's scale; nil where it is not a number.
        public let startResidual: Double?
        /// The relative residual at `point`; nil where it is not known: the last iterate without a safeguard.
        public let residual: Double?
        /// Whether an earlier point than the last one evaluated is returned.
        public let fellBack: Bool
    }

    /// The method in its initial state.
    public let update: any FixedPointUpdate
    /// Evaluations of T for one item at most.
    public let evaluations: Int
    /// nil for the bare methods of the papers.
    public let safeguard: Safeguard?

    /// A solver; it keeps nothing between two calls of `solve`.
    /// - Parameters:
    ///   - update: the method in its initial state.
    ///   - evaluations: of T for one item at most, at least 1.
    ///   - safeguard: nil for the bare methods of the papers.
    public init(update: any FixedPointUpdate, evaluations: Int, safeguard: Safeguard?) {
        precondition(evaluations > 0, "\(evaluations) evaluations")
        self.update = update
        self.evaluations = evaluations
        self.safeguard = safeguard
    }

    /// Iterates from the operator's starts. With n evaluations and a safeguard, the best of the n points z_0, …, z_{n-1} is returned, all of them evaluated;
    /// without one, z_n, of which no residual is known.
    /// - Parameters:
    ///   - operation: T.
    ///   - observe: called after every evaluation of every item.
    /// - Returns: a solution for each item, in the order of the starts.
    /// - Throws: what the operator throws.
    public func solve(
        _ operation: any ResidualOperator, observe: (Iterates.Evaluation) -> Void = { _ in }
    ) throws -> [Solution] {
        var iterates = Iterates(of: operation, by: update)
        var monitors = operation.starts.map { ItemMonitor(start: $0, safeguard: safeguard) }
        var lastResiduals = [Double](repeating: .nan, count: monitors.count)
        for _ in 0..<evaluations {
            guard let evaluations = try iterates.next()?.get() else { break }
            for evaluation in evaluations {
                observe(evaluation)
                monitors[evaluation.item].observe(evaluation)
                lastResiduals[evaluation.item] = evaluation.residual
                if monitors[evaluation.item].ending != nil { iterates.freeze(evaluation.item) }
            }
        }
        return monitors.enumerated().map { item, monitor in
            let last = iterates.latent(of: item)
            let isLast = safeguard == nil && monitor.ending == nil && last.isFinite
            return Solution(
                point: isLast ? last : monitor.best, difference: isLast ? nil : monitor.bestDifference,
                ending: monitor.ending ?? (safeguard == nil && !isLast ? .diverged : .spent),
                evaluations: monitor.evaluations, startResidual: monitor.startResidual,
                residual: isLast ? nil : monitor.bestResidual,
                fellBack: !isLast && lastResiduals[item] != monitor.bestResidual)
        }
    }
}
