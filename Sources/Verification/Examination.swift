import Attempts
import DecoderInversion
import Diffusion
import Foundation
import Marks
import Tensors

/// What the attempts at one image have shown so far.
struct Examination {
    /// One attempt with its matches, the best first. Every key is there once, in its best pose.
    struct Trial {
        let attempt: Int
        let route: Route
        let viewName: String
        let noise: Tensor
        let matches: [Match]
        /// What p-values are multiplied by.
        let hypotheses: Int
        let decoderOutcome: DecoderInverter.Outcome
        let diffusionOutcome: ExactInversion.Outcome?
        let decoderSeconds: Double?
        let diffusionSeconds: Double?

        var best: Match { matches[0] }

        /// log₁₀ of the best key's corrected p-value; above every rate where there is none.
        var log10P: Double { best.log10Corrected(hypotheses: Double(hypotheses)) ?? 1 }
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

    /// The place of the trial that the verdict rests on: the best of those that found a key, or the last.
    var index: Int { deciding ?? trials.count - 1 }

    /// The trial that the verdict rests on.
    var trial: Trial { trials[index] }
}
