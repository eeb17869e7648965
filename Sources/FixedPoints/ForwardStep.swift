import Tensors

/// Forward step (Hong et al. 2024, eq. 4): z_{k+1} = z_k - ρ·T(z_k).
///
/// It converges for 0 < ρ < 2β where T is β-cocoercive along the path (Theorem 1). With an adaptive ρ, a step that makes
/// the residual larger is taken back: the next one starts at the best point, half as long or less.
public struct ForwardStep: FixedPointUpdate {
    /// ρ.
    public let size: StepSize
    private var step: PathStep
    private var previous: (point: Tensor, residual: Tensor)?
    private var best: (point: Tensor, residual: Tensor, energy: Double)?

    /// The method before its first step; by default the operator decides ρ, from 1 downwards.
    public init(size: StepSize = .adaptive) {
        self.size = size
        step = PathStep(size)
    }

    /// The family.
    public var kind: UpdateKind { .forward }
    /// The constants as text, for reports.
    public var constants: String { "\(size)" }

    /// The next iterate, from T at the last proposed point.
    public mutating func next(after point: Tensor, residual: Tensor) -> Proposal {
        guard step.isAdaptive else { return proposal(from: point, residual) }
        if let previous {
            step.observe(pointChange: point - previous.point, residualChange: residual - previous.residual)
        }
        previous = (point, residual)
        let energy = residual.squaredNorm
        if let best, energy > best.energy {
            step.halve()
            return proposal(from: best.point, best.residual)
        }
        best = (point, residual, energy)
        return proposal(from: point, residual)
    }

    private func proposal(from point: Tensor, _ residual: Tensor) -> Proposal {
        Proposal(latent: .combination((1, point), (-step.value, residual)))
    }
}
