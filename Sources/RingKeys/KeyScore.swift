import Foundation

/// How well one key agrees with one recovered latent.
public struct KeyScore: Sendable, Equatable {
    /// ⟨a,κ⟩/‖a‖‖κ‖.
    public let cosine: Double
    /// Independent numbers of the key.
    public let dimension: Int
    /// Decimal logarithm of the p-value after correction.
    public let log10P: Double
    /// Decimal logarithm of the p-value before correction, which tells keys apart that are all at 1 after it.
    public let log10Uncorrected: Double
    /// How many hypotheses the p-value is corrected for.
    public let hypotheses: Int

    /// The corrected p-value; 0 where it is below the smallest Double.
    public var pValue: Double { min(1, pow(10, log10P)) }

    /// Bonferroni's correction, which holds whatever the hypotheses have to do with each other.
    public init(cosine: Double, dimension: Int, hypotheses: Int, twoSided: Bool) {
        precondition(hypotheses >= 1, "\(hypotheses) hypotheses")
        let logP = CosineTest.logPValue(cosine: cosine, dimension: dimension, twoSided: twoSided)
        self.cosine = cosine
        self.dimension = dimension
        self.hypotheses = hypotheses
        log10Uncorrected = logP / log(10)
        log10P = min(0, (logP + log(Double(hypotheses))) / log(10))
    }
}
