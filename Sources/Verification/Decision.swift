import Foundation
import Marks
import NullModels
import Verdicts

/// From matches to an answer. A pure function of numbers: no image, no model, no file.
///
/// A match is a match whatever the latent looks like: the p-value holds for every image. An absence needs keys that could
/// have been found and a latent that looks like noise.
package struct Decision {
    /// How well a key's mark comes back: the power of the mark over that of the noise.
    package struct SignalToNoise: Sendable {
        /// At least 0.
        package let ratio: Double
        /// How many marked images it was measured from; nil where it is assumed.
        package let images: Int?

        package init(ratio: Double, images: Int? = nil) {
            self.ratio = ratio
            self.images = images
        }
    }

    /// What an attempt that was made could have found.
    package struct Prospect {
        /// What the p-value of a key, by its place, is multiplied by there.
        package let hypotheses: (Int) -> Double
        /// How well the mark of a key, by its place, comes back there.
        package let signalToNoise: (Int) -> SignalToNoise

        package init(hypotheses: @escaping (Int) -> Double, signalToNoise: @escaping (Int) -> SignalToNoise) {
            self.hypotheses = hypotheses
            self.signalToNoise = signalToNoise
        }
    }

    /// The answer.
    package let answer: Verdict.Decision
    /// Why absence cannot be claimed: key by key, and for a latent that does not look like noise.
    package let findings: [Verdict.Finding]

    /// - Parameters:
    ///   - isFound: whether a key's corrected p-value is at or below the rate.
    ///   - matches: of the keys that were not found, the best first.
    ///   - keys: the keys that matches name by their places.
    ///   - prospects: of the attempts that were made, at least one.
    ///   - rate: the requested false-positive rate.
    ///   - objection: what makes the recovered latent unlike noise; nil for a noise-like one, or if irrelevant.
    package init(
        isFound: Bool, matches: [Match], keys: KeySet, prospects: [Prospect], rate: Double,
        objection: NoiseLikeness.Objection?
    ) {
        // All keys of a bank have nearly one median p-value; a pilot names no key that could be absent.
        var known: Set<Int> = []
        var findings = matches.filter {
            !keys.isPilot($0.key) && known.insert(keys.representative(of: $0.key)).inserted
        }
        .compactMap { Self.blindness(keys, $0, prospects, rate: rate) }
        let isBlind = !findings.isEmpty
        if let objection { findings.append(.notNoiseLike(objection)) }
        self.findings = findings
        answer = isFound ? .watermarked : isBlind || objection != nil ? .undecided : .notWatermarked
    }

    /// Why a key's absence cannot be established; nil if it can: if at one of the attempts that were made the median p-value
    /// of this key's mark, corrected, is at or below the rate.
    private static func blindness(
        _ keys: KeySet, _ match: Match, _ prospects: [Prospect], rate: Double
    ) -> Verdict.Finding? {
        let key = keys.representative(of: match.key)
        let identity = keys.absentee(of: key)
        if let reason = keys[key].reasonWithoutExactPValue {
            guard let images = match.nullImages else { return .keyNotRandom(identity.name, reason) }
            let fewest = prospects.map { $0.hypotheses(key) }.min() ?? 1
            let smallest = min(1, fewest / Double(images + 1))
            return smallest > rate
                ? .tooFewNullImages(identity.name, images: images, smallest: smallest, rate: rate) : nil
        }
        let medians = prospects.map { prospect in
            let noise = prospect.signalToNoise(key)
            let median = keys.log10MedianPValue(of: key, signalToNoise: noise.ratio)
            return (log10P: min(0, median + log10(prospect.hypotheses(key))), noise: noise)
        }
        guard let best = medians.min(by: { $0.log10P < $1.log10P }), best.log10P > log10(rate) else { return nil }
        return .keyCannotReachRate(
            identity.name, dimension: match.dimension, rate: rate, median: pow(10, best.log10P), at: best.noise)
    }
}
