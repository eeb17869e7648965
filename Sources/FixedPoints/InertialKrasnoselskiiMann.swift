import Tensors

/// Inertial Krasnoselskii-Mann iteration (Maulén et al. 2024; Hong et al. 2024, eq. 10-11):
/// y_k = z_k + α(z_k - z_{k-1}), z_{k+1} = y_k - 2λβ·T(y_k), with z_{-1} = z_0.
///
/// It converges for λ(1 - α + 2α²) < (1 - α)² (Theorem 2). T is evaluated at the y, which are the points.
public struct InertialKrasnoselskiiMann: FixedPointUpdate {
    /// α, in [0, 1).
    public let inertia: Double
    /// 2λβ, above 0.
    public let step: Double
    private var iterate: Tensor?

    /// The defaults are the paper's constants.
    public init(inertia: Double = 0.9, step: Double = 0.001) {
        self.inertia = inertia
        self.step = step
    }

    /// The family.
    public var kind: UpdateKind { .km }
    /// The constants as text, for reports.
    public var constants: String { "inertia \(inertia), step \(step)" }

    /// The next iterate, from T at the last proposed point.
    public mutating func next(after point: Tensor, residual: Tensor) -> Proposal {
        let current = iterate ?? point
        let next = Tensor.combination((1, point), (-step, residual))
        iterate = next
        return Proposal(latent: next, point: .combination((1 + inertia, next), (-inertia, current)))
    }
}
