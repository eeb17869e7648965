import Tensors

/// Inertial Krasnoselskii-Mann iteration (Maulén et al. 2024; Hong et al. 2024, eq. 10-11):
/// y_k = z_k + α(z_k - z_{k-1}), z_{k+1} = y_k - 2λβ·T(y_k). The points are the y.
struct InertialKrasnoselskiiMann: FixedPointUpdate {
    /// α; the paper has 0.9.
    private let inertia: Double
    /// 2λβ; the paper has 0.001 on Stable Diffusion, which is far too careful where E∘D is near the identity.
    private let step: Double
    private var iterate: Tensor?

    init(inertia: Double = 0.9, step: Double = 0.1) {
        self.inertia = inertia
        self.step = step
    }

    mutating func next(after point: Tensor, residual: Tensor) -> Tensor {
        let next = Tensor.combination((1, point), (-step, residual))
        defer { iterate = next }
        // z_0 = y_0, so that the first difference is taken from the starting point.
        return .combination((1 + inertia, next), (-inertia, iterate ?? point))
    }
}
