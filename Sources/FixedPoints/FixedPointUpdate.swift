import Tensors

/// One item's iteration towards T(z) = 0: given a point and T there, the next iterate.
///
/// A conforming value is both the method with its constants and, once it has been advanced, its state; copying a fresh
/// one gives every item its own.
public protocol FixedPointUpdate: Sendable {
    /// The family.
    var kind: UpdateKind { get }
    /// The constants, for reports: `"step 0.001"`. Two fresh updates with the same text do the same.
    var constants: String { get }

    /// The next iterate.
    /// - Parameters:
    ///   - point: the point of the last proposal, `[1, C, h, w]`.
    ///   - residual: T(point), finite, of the same shape.
    /// - Returns: the next iterate and where T is to be evaluated, of the same shape.
    mutating func next(after point: Tensor, residual: Tensor) -> Proposal
}

/// What a method wants to do next.
public struct Proposal: Sendable {
    /// The iterate z_{k+1}.
    public let latent: Tensor
    /// Where T is to be evaluated next; the iterate itself except for methods that extrapolate.
    public let point: Tensor

    /// A proposal.
    /// - Parameters:
    ///   - latent: the iterate z_{k+1}.
    ///   - point: nil where T is to be evaluated at the iterate.
    public init(latent: Tensor, point: Tensor? = nil) {
        self.latent = latent
        self.point = point ?? latent
    }
}

/// The families of updates.
public enum UpdateKind: String, Sendable, CaseIterable {
    /// z ← z - ρ·T(z).
    case forward
    /// The inertial Krasnoselskii-Mann iteration.
    case km
    /// Adam with T in place of the gradient.
    case adam
    /// Anderson acceleration.
    case anderson
}
