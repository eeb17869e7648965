import Tensors

/// Watches the residuals of one item, keeps its best point, and says when to stop.
struct ItemMonitor {
    private let safeguard: Safeguard?
    private(set) var best: Tensor
    private(set) var bestDifference: Tensor?
    private(set) var bestResidual: Double?
    private(set) var startResidual: Double?
    private(set) var evaluations = 0
    private(set) var ending: FixedPointEnding?
    private var bestResiduals: [Double] = []
    private var growing = 0

    /// - Parameter start: z_0, what remains where not even its residual is a number.
    init(start: Tensor, safeguard: Safeguard?) {
        best = start
        self.safeguard = safeguard
    }

    mutating func observe(_ evaluation: Iterates.Evaluation) {
        evaluations += 1
        let residual = evaluation.residual
        guard residual.isFinite else {
            ending = .diverged
            return
        }
        if evaluations == 1 { startResidual = residual }
        if residual < bestResidual ?? .infinity {
            bestResidual = residual
            best = evaluation.point
            bestDifference = evaluation.difference
        }
        if let safeguard { ending = judge(residual, safeguard) }
    }

    private mutating func judge(_ residual: Double, _ safeguard: Safeguard) -> FixedPointEnding? {
        let smallest = bestResidual ?? residual
        let limit = safeguard.growth * (startResidual ?? .infinity)
        bestResiduals.append(smallest)
        growing = residual > limit ? growing + 1 : 0
        if residual <= safeguard.tolerance { return .converged }
        if growing >= safeguard.growthPatience { return .diverged }
        if bestResiduals.count > safeguard.patience {
            let before = bestResiduals[bestResiduals.count - 1 - safeguard.patience]
            if smallest > (1 - safeguard.leastFall) * before { return residual > limit ? .diverged : .stalled }
        }
        return nil
    }
}
