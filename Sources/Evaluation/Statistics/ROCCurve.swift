import InputErrors

/// The receiver operating characteristic of scores that are higher for positives: at each threshold how many positives
/// and how many negatives score at least as high.
public struct ROCCurve: Sendable, Equatable {
    /// One threshold with its counts.
    public struct Point: Sendable, Equatable {
        /// Scores at or above it count as positive; infinite at the curve's beginning.
        public let threshold: Double
        /// Negatives at or above the threshold.
        public let falsePositives: Int
        /// Positives at or above the threshold.
        public let truePositives: Int
    }

    /// From (0, 0) at an infinite threshold to the counts of all, one point for each distinct score, as scikit-learn's
    /// `roc_curve(drop_intermediate=False)`.
    public let points: [Point]
    /// The number of positives.
    public let positives: Int
    /// The number of negatives.
    public let negatives: Int

    /// - Parameters:
    ///   - positives: scores of the images that carry the mark.
    ///   - negatives: scores of those that do not.
    /// - Throws: `InputError` where a score is NaN: leave out what has no score, and say how much that is.
    public init(positives: [Double], negatives: [Double]) throws {
        for scores in [positives, negatives] where scores.contains(where: \.isNaN) {
            throw InputError("scores", expected: "numbers", found: "NaN", as: .notFinite)
        }
        let up = positives.sorted(by: >)
        let down = negatives.sorted(by: >)
        var points = [Point(threshold: .infinity, falsePositives: 0, truePositives: 0)]
        var (i, j) = (0, 0)
        while i < up.count || j < down.count {
            let threshold = max(i < up.count ? up[i] : -.infinity, j < down.count ? down[j] : -.infinity)
            while i < up.count, up[i] == threshold { i += 1 }
            while j < down.count, down[j] == threshold { j += 1 }
            points.append(Point(threshold: threshold, falsePositives: j, truePositives: i))
        }
        self.points = points
        self.positives = positives.count
        self.negatives = negatives.count
    }

    /// The share of negatives at or above a point's threshold.
    public func falsePositiveRate(_ point: Point) -> Double { Double(point.falsePositives) / Double(max(negatives, 1)) }

    /// The share of positives at or above a point's threshold.
    public func truePositiveRate(_ point: Point) -> Double { Double(point.truePositives) / Double(max(positives, 1)) }
}
