import Tensors

/// Forward step (Hong et al. 2024, eq. 4): z ← z - ρ·T(z).
///
/// It converges for 0 < ρ < 2β where T is β-cocoercive. With no ρ given, the operator tells: from two points,
/// ⟨Δz,ΔT⟩/‖ΔT‖² is the cocoercivity along the way, and ρ follows it within bounds.
struct ForwardStep: FixedPointUpdate {
    private let fixedStep: Double?
    private var previous: (point: Tensor, residual: Tensor)?
    /// E∘D is near the identity for a trained autoencoder, so that 1 is the first guess.
    private var step = 1.0

    static let bounds = 0.05...1.5

    init(step: Double? = nil) { fixedStep = step }

    mutating func next(after point: Tensor, residual: Tensor) -> Tensor {
        if let fixedStep {
            step = fixedStep
        } else if let previous {
            let change = residual - previous.residual
            let energy = change.squaredNorm
            if energy > 0 {
                let estimate = (point - previous.point).dot(change) / energy
                step = min(max(estimate, Self.bounds.lowerBound), Self.bounds.upperBound)
            }
        }
        previous = (point, residual)
        return .combination((1, point), (-step, residual))
    }
}
