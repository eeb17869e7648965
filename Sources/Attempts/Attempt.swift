/// One declared attempt to find a mark: a view of the picture, a route from it to noise, and whether keys are looked for
/// where they were put or wherever the picture may have been moved to.
public struct Attempt: Sendable {
    /// What is done to the picture first.
    public let view: any View
    /// How its noise is recovered.
    public let route: Route
    /// Whether keys are searched for. Those that cannot pay for a search take no part in the attempt.
    public let isSearch: Bool
    /// Its share of the false-positive rate, relative to the shares of the plan's other attempts.
    public let weight: Double

    /// An attempt.
    /// - Parameters:
    ///   - route: how noise is recovered.
    ///   - view: what is done to the picture first.
    ///   - isSearch: whether keys are searched for.
    ///   - weight: above 0.
    public init(_ route: Route, view: any View = PlainView(), isSearch: Bool = false, weight: Double = 1) {
        precondition(weight > 0, "an attempt of weight \(weight)")
        self.view = view
        self.route = route
        self.isSearch = isSearch
        self.weight = weight
    }
}
