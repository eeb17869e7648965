/// The figures that the publication of a scheme reports for an image, as its code computes them. For comparison only:
/// they need not carry a known false-alarm rate.
public struct PublishedScore: Sendable, Equatable {
    /// What Wen et al. published.
    public static let treeRing = "the Tree-Ring package"

    /// Whose figures they are.
    public let source: String
    /// A distance between what was measured and the key; lower is closer.
    public let distance: Double
    /// A p-value; nil where the publication's formula means nothing.
    public let pValue: Double?
    /// Why there is no p-value; nil where there is one.
    public let reason: String?

    /// A distance with a p-value or the reason why there is none.
    public init(source: String = Self.treeRing, distance: Double, pValue: Double?, reason: String?) {
        self.source = source
        self.distance = distance
        self.pValue = pValue
        self.reason = reason
    }
}
