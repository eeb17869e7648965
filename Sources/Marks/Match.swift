import Foundation

/// How one key agrees with one reading, before anything is paid for other keys, attempts or places.
public struct Match: Sendable {
    /// The key's place in its `KeySet`.
    public let key: Int
    /// The reading of the key's family.
    public let reading: [Double]
    /// As `MarkReader.agreement`; 0 for a key without an exact p-value.
    public let agreement: Double
    /// Natural logarithm of the p-value; nil for a key that has neither an exact nor a conformal one.
    public private(set) var logPValue: Double?
    /// How many unmarked images a conformal p-value comes from; nil for an exact one, or none.
    public private(set) var nullImages: Int?
    /// Standard deviations by which a conformal score lies above the mean of the unmarked images; 0 for an exact p-value.
    public private(set) var excess = 0.0
    /// Where a search found the key; nil where none was made.
    public let sighting: Sighting?
    /// The message of a mark under the key's stream that is not the key's: the match is none, whatever it was before.
    public private(set) var otherMessage: MarkPayload?

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

    /// A key's numbers held against a reading.
    /// - Parameters:
    ///   - key: the key's place.
    ///   - numbers: of the key.
    ///   - smallestPValue: as `MarkKey.smallestPValue`.
    ///   - reader: of the key's family.
    ///   - reading: as the reader gives it.
    ///   - twoSided: whether reversed sign counts too.
    ///   - sighting: where the reading comes from; nil where nothing was searched.
    init(
        key: Int, numbers: [Double], smallestPValue: Double, by reader: any MarkReader, reading: [Double],
        twoSided: Bool, sighting: Sighting?
    ) {
        let agreement = reader.agreement(reading, numbers)
        let logPValue = reader.logPValue(agreement: agreement, of: reading, twoSided: twoSided)
        self.init(
            key: key, reading: reading, agreement: agreement, logPValue: max(logPValue, log(smallestPValue)),
            sighting: sighting)
    }

    /// The same as no match, because of another message under the key's stream. An answer that is given less often keeps its
    /// false-positive rate.
    func contradicted(by message: MarkPayload) -> Match {
        var match = self
        match.logPValue = 0
        match.otherMessage = message
        return match
    }

    /// What the p-value is multiplied by for the places where the key was looked for; 1 where there was one.
    public var tries: Double { sighting?.tries ?? 1 }

    /// Independent numbers of the key.
    public var dimension: Int { reading.count }
    /// Decimal logarithm of the p-value.
    public var log10PValue: Double? { logPValue.map { $0 / log(10) } }

    /// Decimal logarithm of the p-value after Bonferroni's correction, which holds whatever the hypotheses have to do with
    /// each other; at most 0. Nil for a key without a p-value.
    /// - Parameter hypotheses: what the p-value is multiplied by, at least 1.
    public func log10Corrected(hypotheses: Double) -> Double? {
        precondition(hypotheses >= 1, "\(hypotheses) hypotheses")
        return logPValue.map { min(0, ($0 + log(hypotheses)) / log(10)) }
    }

    /// The same match with a conformal p-value, (1 + #{null ≥ score}) / (n + 1): exact for an image that is exchangeable with the
    /// n unmarked ones.
    /// - Parameters:
    ///   - score: as `MarkReader.resemblance`.
    ///   - null: of unmarked images, at least one.
    public func conformal(score: Double, among null: [Double]) -> Match {
        precondition(!null.isEmpty && score.isFinite, "a score of \(score) among \(null.count)")
        let count = Double(null.count)
        var match = self
        match.logPValue = log((1 + Double(null.count { $0 >= score })) / (count + 1))
        match.nullImages = null.count
        let mean = null.reduce(0, +) / count
        let deviation = (null.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        match.excess = deviation > 0 ? (score - mean) / deviation : 0
        return match
    }
}
