import Foundation

/// How one key agrees with one reading, before anything is paid for other keys, attempts or places.
public struct Match: Sendable {
    /// The key's place in its `KeySet`.
    public let key: Int
    /// The reading of the key's family.
    public let reading: [Double]
    /// As `MarkReader.agreement`; 0 for a key without an exact p-value.
    public let agreement: Double
    /// Natural logarithm of the p-value; nil for a key without an exact one.
    public let logPValue: Double?
    /// Where a search found the key; nil where none was made.
    public let sighting: Sighting?

    /// A match.
    public init(
        key: Int, reading: [Double], agreement: Double, logPValue: Double?, sighting: Sighting? = nil
    ) {
        self.key = key
        self.reading = reading
        self.agreement = agreement
        self.logPValue = logPValue
        self.sighting = sighting
    }

    /// What the p-value is multiplied by for the places where the key was looked for; 1 where there was one.
    public var tries: Double { sighting?.tries ?? 1 }

    /// Independent numbers of the key.
    public var dimension: Int { reading.count }
    /// Decimal logarithm of the p-value; nil for a key without an exact one.
    public var log10PValue: Double? { logPValue.map { $0 / log(10) } }

    /// Decimal logarithm of the p-value after Bonferroni's correction, which holds whatever the hypotheses have to do with
    /// each other; at most 0. Nil for a key without an exact p-value.
    /// - Parameter hypotheses: what the p-value is multiplied by, at least 1.
    public func log10Corrected(hypotheses: Double) -> Double? {
        precondition(hypotheses >= 1, "\(hypotheses) hypotheses")
        return logPValue.map { min(0, ($0 + log(hypotheses)) / log(10)) }
    }
}
