import Foundation

/// The area under the ROC curve with the variance of DeLong, DeLong and Clarke-Pearson (1988), in O(N log N) by the
/// midranks of Sun and Xu (2014), "Fast implementation of DeLong's algorithm", eq. 5 to 13.
///
/// Notation: m positives X, n negatives Y; ψ(x, y) is 1 for x > y, ½ for x = y, else 0;
///
///     AUC = 1/(mn) ΣΣ ψ(Xᵢ, Yⱼ)    V10ᵢ = 1/n Σⱼ ψ(Xᵢ, Yⱼ)    V01ⱼ = 1/m Σᵢ ψ(Xᵢ, Yⱼ)
///     variance = S10/m + S01/n, with the sample variances of V10 and V01
public struct DeLong: Sendable {
    /// The area: the chance that a positive scores above a negative, ties counting a half.
    public let auc: Double
    /// The variance of the area; nil with fewer than two positives or negatives.
    public let variance: Double?
    /// V10, one for each positive.
    let positivePlacements: [Double]
    /// V01, one for each negative.
    let negativePlacements: [Double]

    /// - Parameters:
    ///   - positives: scores of the positives, none NaN; at least one.
    ///   - negatives: scores of the negatives, none NaN; at least one.
    public init(positives: [Double], negatives: [Double]) {
        precondition(
            !positives.isEmpty && !negatives.isEmpty,
            "an AUC of \(positives.count) positives and \(negatives.count) negatives")
        let (m, n) = (Double(positives.count), Double(negatives.count))
        let all = Self.midranks(positives + negatives)
        let allPositives = all[..<positives.count]
        auc = (allPositives.reduce(0, +) - m * (m + 1) / 2) / (m * n)
        positivePlacements = zip(allPositives, Self.midranks(positives)).map { ($0 - $1) / n }
        negativePlacements = zip(all[positives.count...], Self.midranks(negatives)).map { 1 - ($0 - $1) / m }
        variance =
            positives.count < 2 || negatives.count < 2
            ? nil
            : Self.covariance(positivePlacements, positivePlacements) / m
                + Self.covariance(negativePlacements, negativePlacements) / n
    }

    /// The normal interval of 95 %, cut to [0, 1], as pROC's `ci.auc`. It has no width where the classes do not overlap:
    /// DeLong's variance is 0 there.
    public var interval: Interval? {
        variance.map { variance in
            let reach = Interval.normalReach * variance.squareRoot()
            return Interval(lower: max(0, auc - reach), upper: min(1, auc + reach))
        }
    }

    /// The difference of the areas of two scores on the same images.
    public struct Difference: Encodable, Sendable, Equatable {
        /// The first area less the second.
        public var difference: Double
        /// The normal interval of 95 %.
        public var interval: Interval
        /// Two-sided, of the hypothesis that the areas are equal; nil where the difference has no variance.
        public var pValue: Double?

        enum CodingKeys: String, CodingKey {
            case difference, interval
            case pValue = "p_value"
        }
    }

    /// This score's area less another's on the same images in the same order, with the covariance of the two.
    /// - Returns: nil with fewer than two positives or negatives.
    public func difference(to other: DeLong) -> Difference? {
        precondition(
            positivePlacements.count == other.positivePlacements.count
                && negativePlacements.count == other.negativePlacements.count, "scores of different images")
        guard let variance, let otherVariance = other.variance else { return nil }
        let shared =
            Self.covariance(positivePlacements, other.positivePlacements) / Double(positivePlacements.count)
            + Self.covariance(negativePlacements, other.negativePlacements) / Double(negativePlacements.count)
        let difference = auc - other.auc
        // Rounding can leave a hair below 0 where the two scores rank alike.
        let deviation = max(0, variance + otherVariance - 2 * shared).squareRoot()
        let reach = Interval.normalReach * deviation
        return Difference(
            difference: difference, interval: Interval(lower: difference - reach, upper: difference + reach),
            pValue: deviation > 1e-12 ? erfc(abs(difference) / deviation / 2.0.squareRoot()) : nil)
    }

    /// Ranks from 1; equal values share the mean of theirs.
    static func midranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            let rank = Double(start + end + 1) / 2
            for position in start..<end { ranks[order[position]] = rank }
            start = end
        }
        return ranks
    }

    /// The sample covariance, over count - 1.
    private static func covariance(_ a: [Double], _ b: [Double]) -> Double {
        let (meanA, meanB) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
        return zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) } / Double(a.count - 1)
    }
}
