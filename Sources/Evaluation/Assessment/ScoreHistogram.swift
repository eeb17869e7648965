/// How many marked and clean images have which -log₁₀ p.
public struct ScoreHistogram: Encodable, Sendable, Equatable {
    /// The lower edge of the first bin.
    public let start: Double
    /// The width of a bin.
    public let width: Double
    /// Marked images in each bin.
    public let positives: [Int]
    /// Clean images in each bin.
    public let negatives: [Int]

    /// About forty bins of a round width over all scores.
    init(positives: [Double], negatives: [Double]) {
        let all = positives + negatives
        let low = (all.min() ?? 0).rounded(.down)
        let high = max((all.max() ?? 1), low + 1)
        let width = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].first {
            (high - low) / $0 <= 45
        }
        self.width = width ?? (high - low) / 45
        start = low
        var bins = [[Int]](repeating: [Int](repeating: 0, count: Int((high - low) / self.width) + 1), count: 2)
        for (kind, scores) in [positives, negatives].enumerated() {
            for score in scores { bins[kind][Int((score - low) / self.width)] += 1 }
        }
        self.positives = bins[0]
        self.negatives = bins[1]
    }
}
