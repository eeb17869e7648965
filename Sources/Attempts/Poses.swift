import Tensors

/// How the noise may lie against the key: as it was recovered, shifted, mirrored, or anywhere on a lattice of such moves.
/// Each pose is a hypothesis and is paid for, so that their number is declared before anything is looked at.
public protocol Poses: Sendable {
    /// How many there are, at least 1.
    var count: Int { get }

    /// The noise in one of the poses.
    /// - Parameters:
    ///   - noise: `[1, C, h, w]`.
    ///   - index: 0 ..< `count`.
    func pose(_ noise: Tensor, _ index: Int) -> Tensor
}

/// The noise as it was recovered, and no other pose.
public struct AsRecovered: Poses {
    /// 1.
    public let count = 1

    /// The pose.
    public init() {}

    /// The noise itself.
    public func pose(_ noise: Tensor, _ index: Int) -> Tensor { noise }
}
