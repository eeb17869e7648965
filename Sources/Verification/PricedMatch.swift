import Foundation
import Marks

/// A match with what is paid for it.
struct PricedMatch {
    let match: Match
    /// What its p-value is multiplied by: keys, attempts, and the places that a search tried.
    let hypotheses: Double

    /// - Parameters:
    ///   - match: of one attempt.
    ///   - planned: what the plan asks for at that attempt.
    init(_ match: Match, planned: Double) {
        self.match = match
        hypotheses = planned * match.tries
    }

    /// log₁₀ of the corrected p-value; nil for a key without an exact one.
    var log10P: Double? { match.log10Corrected(hypotheses: hypotheses) }

    /// The hypotheses as verdicts state them, rounded up.
    var count: Int { Int(exactly: min(hypotheses, 0x1p62).rounded(.up)) ?? .max }

    /// For sorting: the best key first, those without an exact p-value last.
    var rank: Double { match.log10PValue.map { $0 + log10(hypotheses) } ?? .infinity }
}
