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

    /// Whether this match is better: by the corrected p-value, and among equal ones by the conformal score's excess.
    func isBetter(than other: PricedMatch) -> Bool {
        func price(_ priced: PricedMatch) -> Double {
            priced.match.log10PValue.map { $0 + log10(priced.hypotheses) } ?? .infinity
        }
        let (own, others) = (price(self), price(other))
        return own != others ? own < others : match.excess > other.match.excess
    }
}
