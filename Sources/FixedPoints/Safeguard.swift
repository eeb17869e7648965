/// When an item's iteration is ended before its evaluations are spent. Residuals are relative to the operator's scale.
///
/// With a safeguard the result is the evaluated point with the smallest residual, so that it is never worse than the
/// start by its own residual. Without one (nil) it is the last iterate, as in the paper, except that NaN is never
/// returned.
public struct Safeguard: Sendable, Equatable {
    /// The residual at which nothing is left to gain, at least 0. For decoder inversion, what the quantisation of the image to 8 bits
    /// does to E(x) is larger than the default.
    public var tolerance: Double
    /// Evaluations over which the best residual must fall by `leastFall`, else the item has stalled; at least 1.
    public var patience: Int
    /// The relative fall of the best residual over `patience` evaluations, from 0 to 1.
    public var leastFall: Double
    /// Growth of the residual over the start's that is a sign of divergence, a factor above 1.
    public var growth: Double
    /// Evaluations in succession with that sign, at least 1, after which the item has diverged: methods that take back a bad step and
    /// shorten it are given the chance to.
    public var growthPatience: Int

    /// The defaults suit every method here, the paper's very short steps included.
    public init(
        tolerance: Double = 1e-3, patience: Int = 10, leastFall: Double = 1e-3, growth: Double = 2,
        growthPatience: Int = 3
    ) {
        self.tolerance = tolerance
        self.patience = patience
        self.leastFall = leastFall
        self.growth = growth
        self.growthPatience = growthPatience
    }
}
