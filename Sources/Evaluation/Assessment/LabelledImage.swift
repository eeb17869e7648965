/// A result whose truth is known.
struct LabelledImage: Sendable {
    let result: ImageResult
    let label: Labels.Label
    /// Its place among the results.
    let index: Int

    /// Higher for a better match: -log₁₀ of the corrected p-value, not cut at 1. Nil for a failure and for a key that was
    /// not drawn at random.
    var score: Double? { result.judgement?.log10Corrected.map { -$0 } }
}

/// A figure that images are ranked by.
public enum Measure: String, Codable, Sendable, CaseIterable {
    /// -log₁₀ of ringkey's p-value.
    case exactP = "exact_p"
    /// The Tree-Ring package's distance; lower is a match.
    case referenceL1 = "reference_l1"
    /// The Tree-Ring package's p-value; lower is a match.
    case referenceP = "reference_p"

    /// As charts and tables call it.
    public var title: String {
        switch self {
        case .exactP: "ringkey, exact p"
        case .referenceL1: "reference L1"
        case .referenceP: "reference p"
        }
    }

    /// The score of an image, higher for a better match; nil where the results have none, and for what is not a number.
    func score(_ image: LabelledImage) -> Double? {
        let score: Double? =
            switch self {
            case .exactP: image.score
            case .referenceL1: image.result.judgement?.referenceL1.map { -$0 }
            case .referenceP: image.result.judgement?.referenceP.map { -$0 }
            }
        return score?.isNaN == true ? nil : score
    }
}
