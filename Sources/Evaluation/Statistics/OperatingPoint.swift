/// How many marked images are found at a false-positive rate, with a threshold that was fitted on some negatives and
/// scored on others.
public struct OperatingPoint: Encodable, Sendable, Equatable {
    /// The false-positive rate that was asked for.
    public var rate: Double
    /// Negatives that the threshold was fitted on.
    public var fittedOn: Int
    /// Scores above it count as marked. Nil where `fittedOn` negatives cannot tell of the rate: it is below 1/`fittedOn`.
    public var threshold: Double?
    /// Marked images that are found; nil without a threshold.
    public var truePositives: Proportion?
    /// Negatives that took no part in the fit and are found all the same; nil without a threshold.
    public var falsePositives: Proportion?

    enum CodingKeys: String, CodingKey {
        case rate, threshold
        case fittedOn = "fitted_on"
        case truePositives = "true_positives"
        case falsePositives = "false_positives"
    }

    /// - Parameters:
    ///   - rate: in (0, 1).
    ///   - fitting: scores of the negatives to fit on.
    ///   - positives: scores of the positives.
    ///   - heldOut: scores of the other negatives.
    public init(rate: Double, fitting: [Double], positives: [Double], heldOut: [Double]) {
        self.rate = rate
        fittedOn = fitting.count
        threshold = Self.threshold(rate: rate, negatives: fitting)
        if let threshold {
            truePositives = Proportion(positives.count { $0 > threshold }, of: positives.count)
            falsePositives = Proportion(heldOut.count { $0 > threshold }, of: heldOut.count)
        }
    }

    /// The k-th highest of n scores with k = ⌊rate·n⌋. Another negative is above it with a chance of at most
    /// k/(n+1) < rate, whatever the distribution, if it is exchangeable with these.
    /// - Returns: nil where k is 0.
    public static func threshold(rate: Double, negatives: [Double]) -> Double? {
        // A hair more, so that 0.001 of 1000 is 1.
        let k = Int(rate * Double(negatives.count) * (1 + 1e-12))
        guard k >= 1, k <= negatives.count else { return nil }
        return negatives.sorted(by: >)[k - 1]
    }
}
