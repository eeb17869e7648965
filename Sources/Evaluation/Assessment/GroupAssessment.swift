import Foundation

/// What the verdicts and scores of one group of labelled images amount to: one attack, one source, or all.
public struct GroupAssessment: Encodable, Sendable {
    /// Shares found where an image counts as found at a p-value of at most `rate`: the p-value is exact, nothing is
    /// fitted.
    public struct ParametricPoint: Encodable, Sendable, Equatable {
        /// The rate that the p-value promises.
        public var rate: Double
        /// Marked images at or below it.
        public var truePositives: Proportion
        /// Clean images at or below it.
        public var falsePositives: Proportion

        enum CodingKeys: String, CodingKey {
            case rate
            case truePositives = "true_positives"
            case falsePositives = "false_positives"
        }
    }

    /// ringkey beside one of the reference's figures, on the images that have both.
    public struct Comparison: Encodable, Sendable {
        /// ringkey on these images; nil where its key has no p-value.
        public var ours: ScoreAssessment?
        /// The reference's figure on the same.
        public var reference: ScoreAssessment
        /// Our area less the reference's, with the covariance of the two.
        public var difference: DeLong.Difference?
    }

    /// The group's name in the labels; nil for images without one, and for all together.
    public let name: String?
    /// Marked images.
    public let positives: ClassCounts
    /// Clean images that the marked ones are held against.
    public let negatives: ClassCounts
    /// Whether those are the clean images without a group, for lack of clean ones in the group.
    public let borrowsNegatives: Bool
    /// The ranking by p-value; nil without scores of both kinds.
    public let score: ScoreAssessment?
    /// At the rates of `ScoreAssessment.rates`.
    public let parametric: [ParametricPoint]
    /// The reference's L1 and p-value beside ours, where the results have them.
    public let comparisons: [Comparison]
    /// For the verdicts at a prevalence that was asked for.
    public let precision: Precision?

    enum CodingKeys: String, CodingKey {
        case name, positives, negatives
        case borrowsNegatives = "borrows_negatives"
        case score, parametric, comparisons, precision
    }

    init(
        name: String?, positives: [LabelledImage], negatives: [LabelledImage], borrowsNegatives: Bool,
        prevalence: Double?
    ) throws {
        self.name = name
        let (up, down) = (ClassCounts(positives), ClassCounts(negatives))
        self.positives = up
        self.negatives = down
        self.borrowsNegatives = borrowsNegatives
        score = try ScoreAssessment(.exactP, positives: positives, negatives: negatives)
        parametric = ScoreAssessment.rates.map { rate in
            func below(_ images: [LabelledImage]) -> Proportion {
                let scores = images.compactMap(\.score)
                return Proportion(scores.count { $0 >= -log10(rate) }, of: scores.count)
            }
            return ParametricPoint(
                rate: rate, truePositives: below(positives), falsePositives: below(negatives))
        }
        comparisons = try [Measure.referenceL1, .referenceP].compactMap {
            try Self.compare($0, positives: positives, negatives: negatives)
        }
        precision = prevalence.map {
            Precision(prevalence: $0, truePositives: up.found, falsePositives: down.found)
        }
    }

    private static func compare(
        _ measure: Measure, positives: [LabelledImage], negatives: [LabelledImage]
    ) throws -> Comparison? {
        func common(_ images: [LabelledImage]) -> [LabelledImage] {
            let theirs = images.filter { measure.score($0) != nil }
            let both = theirs.filter { $0.score != nil }
            return both.isEmpty ? theirs : both
        }
        let (up, down) = (common(positives), common(negatives))
        guard let reference = try ScoreAssessment(measure, positives: up, negatives: down) else { return nil }
        let ours = try ScoreAssessment(.exactP, positives: up, negatives: down)
        let isPaired = ours?.positives == reference.positives && ours?.negatives == reference.negatives
        return Comparison(
            ours: isPaired ? ours : nil, reference: reference,
            difference: isPaired ? ours?.area.difference(to: reference.area) : nil)
    }
}
