/// The figures that the publication of a scheme reports for an image, as its code computes them. For comparison only:
/// they need not carry a known false-alarm rate.
public struct PublishedScore: Sendable, Equatable {
    /// A distance between what was measured and the key; lower is closer.
    public let distance: Double
    /// A p-value; nil where the publication's formula means nothing.
    public let pValue: Double?
    /// Why there is no p-value; nil where there is one.
    public let reason: String?

    /// A distance with a p-value or the reason why there is none.
    public init(distance: Double, pValue: Double?, reason: String?) {
        self.distance = distance
        self.pValue = pValue
        self.reason = reason
    }
}
