import FixedPoints
import Tensors

/// The forward step with the step control of Hong et al. 2024 (arXiv 2311.18387, sec. 4): ρ rises linearly over the first
/// 20 iterations and is halved where the squared residual has not fallen by a ten-thousandth for 20.
struct PlateauForwardStep: FixedPointUpdate {
    private static let warmUp = 20
    private static let patience = 20
    private static let leastFall = 1e-4

    let step: Double
    private var count = 0
    private var factor = 1.0
    private var best = Double.infinity
    private var waited = 0

    init(step: Double) { self.step = step }

    var kind: UpdateKind { .forward }
    var constants: String { "step \(step), warm-up \(Self.warmUp), patience \(Self.patience)" }

    mutating func next(after point: Tensor, residual: Tensor) -> Proposal {
        let energy = residual.squaredNorm
        if energy < best * (1 - Self.leastFall) {
            best = energy
            waited = 0
        } else {
            waited += 1
        }
        if waited > Self.patience {
            factor /= 2
            waited = 0
        }
        count += 1
        let rate = step * factor * min(1, Double(count) / Double(Self.warmUp))
        return Proposal(latent: .combination((1, point), (-rate, residual)))
    }
}
