import Attempts
import DecoderInversion
import Diffusion
import Foundation
import Marks
import Tensors

/// What the attempts at one image have shown so far.
struct Examination {
    /// One attempt with its matches, the best first. Every key that takes part is there once, in its best place.
    struct Trial {
        let attempt: Int
        let route: Route
        let viewName: String
        let isSearch: Bool
        let noise: Tensor
        let matches: [PricedMatch]
        /// How many keys are looked for.
        let keys: Int
        let decoderOutcome: DecoderInverter.Outcome
        let diffusionOutcome: ExactInversion.Outcome?
        let decoderSeconds: Double?
        let diffusionSeconds: Double?

        var best: PricedMatch { matches[0] }

        /// log₁₀ of the best key's corrected p-value; above every rate where there is none.
        var log10P: Double { best.log10P ?? 1 }

        /// log₁₀ of the smallest p-value of a key as if this had been the only attempt, at most 0.
        var log10PAlone: Double {
            matches.compactMap { $0.match.log10Corrected(hypotheses: Double(keys) * $0.match.tries) }.min() ?? 0
        }
    }

    private(set) var trials: [Trial] = []
    private let log10Rate: Double
    private var deciding: Int?

    init(falsePositiveRate: Double) { log10Rate = log10(falsePositiveRate) }

    mutating func add(_ trial: Trial) {
        let smallest = deciding.map { trials[$0].log10P } ?? 0
        if trial.log10P <= min(log10Rate, smallest) { deciding = trials.count }
        trials.append(trial)
    }

    /// Whether a key was found.
    var isDecided: Bool { deciding != nil }

    /// Whether what was seen so far makes a later find improbable: a search was made, and neither it nor the plain attempts
    /// saw anything.
    /// - Parameter limits: what counts as nothing.
    func isHopeless(_ limits: EarlyAbsence) -> Bool {
        !isDecided && trials.last?.isSearch == true
            && trials.allSatisfy { $0.log10PAlone >= log10($0.isSearch ? limits.search : limits.plain) }
    }

    /// The place of the trial that the verdict rests on: the best of those that found a key, or the last that looked where
    /// marks are put. What a search finds best in an unmarked picture says nothing.
    var index: Int { deciding ?? lastPlain ?? trials.count - 1 }

    /// The place of the last trial that was no search.
    var lastPlain: Int? { trials.lastIndex { !$0.isSearch } }

    /// The trial that the verdict rests on.
    var trial: Trial { trials[index] }

    /// The trial whose noise is to look like noise: the one that decided, or the last by a route with diffusion steps. A
    /// clean latent looks like its picture, whatever the model.
    var noisiest: Trial { isDecided ? trial : trials.last { !$0.isSearch && $0.route.steps > 0 } ?? trial }
}
