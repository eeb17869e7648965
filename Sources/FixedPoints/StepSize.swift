import Tensors

/// How long a step along -T is: given, or learnt from the operator.
public enum StepSize: Sendable, Equatable, CustomStringConvertible {
    /// ρ, above 0.
    case fixed(Double)
    /// 0 < `least` ≤ `most`. Starts at `most`; follows the smallest cocoercivity seen along the path, not below `least`.
    ///
    /// E∘D is near the identity for any trained autoencoder, so that ρ = 1, the plain fixed-point iteration, is the first
    /// guess; it is the only number that is assumed.
    case adaptive(least: Double, most: Double)

    /// From 1 down to 0.01.
    public static let adaptive = StepSize.adaptive(least: 0.01, most: 1)

    /// As it is written in reports: `step 0.01` or `step 0.01...1.0`.
    public var description: String {
        switch self {
        case .fixed(let step): "step \(step)"
        case .adaptive(let least, let most): "step \(least)...\(most)"
        }
    }
}

/// The step along one path.
///
/// Two points of a path, s = z' - z and y = T(z') - T(z), show the cocoercivity β̂ = ⟨s,y⟩ / ‖y‖² (eq. 14 of Hong et al.
/// 2024 for neighbouring points; the second step length of Barzilai and Borwein 1988). Theorem 1 of the paper wants
/// 0 < ρ < 2β for the smallest β, so ρ only falls; one estimate may halve it at most, because a single pair can lie far
/// off where T is not cocoercive at all.
struct PathStep {
    private let size: StepSize
    private(set) var value: Double

    init(_ size: StepSize) {
        self.size = size
        switch size {
        case .fixed(let step): value = step
        case .adaptive(_, let most): value = most
        }
    }

    /// Whether the operator decides.
    var isAdaptive: Bool { if case .adaptive = size { true } else { false } }

    /// Takes account of one more pair of points.
    mutating func observe(pointChange: Tensor, residualChange: Tensor) {
        let energy = residualChange.squaredNorm
        guard energy > 0 else { return }
        lower(to: pointChange.dot(residualChange) / energy)
    }

    /// Takes account of a step that made things worse.
    mutating func halve() { lower(to: value / 2) }

    private mutating func lower(to estimate: Double) {
        guard case .adaptive(let least, _) = size else { return }
        value = max(least, min(value, max(estimate, value / 2)))
    }
}
