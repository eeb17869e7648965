/// An interval of confidence.
public struct Interval: Codable, Sendable, Equatable {
    /// Its lower end.
    public var lower: Double
    /// Its upper end.
    public var upper: Double

    /// From `lower` to `upper`.
    public init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// Φ⁻¹(0.975): a normal interval of 95 % reaches this many standard deviations to each side.
    static let normalReach = 1.959963984540054
}
