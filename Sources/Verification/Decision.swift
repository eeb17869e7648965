import Foundation
import Marks
import NullModels
import Verdicts

/// From matches to an answer. A pure function of numbers: no image, no model, no file.
///
/// A match is a match whatever the latent looks like: the p-value holds for every image. An absence needs keys that could
/// have been found and a latent that looks like noise.
package struct Decision {
    /// The answer.
    package let answer: Verdict.Decision
    /// Why absence cannot be claimed: key by key, and for a latent that does not look like noise.
    package let findings: [Verdict.Finding]

    /// - Parameters:
    ///   - isFound: whether a key's corrected p-value is at or below the rate.
    ///   - matches: of the attempt that the verdict rests on, the best first.
    ///   - keys: the keys that matches name by their places.
    ///   - hypotheses: what p-values are multiplied by at that attempt.
    ///   - rate: the requested false-positive rate.
    ///   - objection: what makes the recovered latent unlike noise; nil for a noise-like one, or if irrelevant.
    package init(
        isFound: Bool, matches: [Match], keys: KeySet, hypotheses: Int, rate: Double,
        objection: NoiseLikeness.Objection?
    ) {
        var findings = matches.compactMap {
            Self.blindness(keys, $0.key, dimension: $0.dimension, hypotheses: hypotheses, rate: rate)
        }
        let isBlind = !findings.isEmpty
        if let objection { findings.append(.notNoiseLike(objection)) }
        self.findings = findings
        answer = isFound ? .watermarked : isBlind || objection != nil ? .undecided : .notWatermarked
    }

    /// Why a key's absence cannot be established; nil if it can.
    private static func blindness(
        _ keys: KeySet, _ key: Int, dimension: Int, hypotheses: Int, rate: Double
    ) -> Verdict.Finding? {
        let name = keys.keys[key].identity.name
        if let reason = keys.keys[key].reasonWithoutExactPValue { return .keyNotRandom(name, reason) }
        let median = keys.log10MedianPValue(of: key) + log10(Double(hypotheses))
        guard median > log10(rate) else { return nil }
        return .keyCannotReachRate(name, dimension: dimension, rate: rate, median: pow(10, median))
    }
}
