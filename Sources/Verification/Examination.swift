import DecoderInversion
import Diffusion
import Foundation
import RingKeys
import Tensors

/// What the looks at one image have shown so far.
struct Examination {
    /// One key's measurement at one look.
    struct Measurement {
        let detector: KeyDetector
        let log10Reach: Double
        let statistic: [Double]
        let cosine: Double
        /// Nil for a key that was not drawn at random.
        let score: KeyScore?

        /// The smaller the better, above every score where there is none.
        var rank: Double { score?.log10Uncorrected ?? 1 }

        /// For comparisons with a rate, above every rate where there is no score.
        var log10P: Double { score?.log10P ?? 1 }
    }

    /// One look with its measurements, the best key first.
    struct Sight {
        let look: Look
        let noise: Tensor
        let outcome: DecoderInverter.Outcome
        let diffusionOutcome: ExactInversion.Outcome?
        let measurements: [Measurement]

        var best: Measurement { measurements[0] }

        var result: Verdict.LookResult {
            .init(
                decoderInversion: "\(look.decoderInversion)", steps: look.steps, key: best.detector.id,
                log10P: best.score?.finiteLog10P, cosine: best.score?.cosine)
        }
    }

    private(set) var sights: [Sight] = []
    private(set) var stages: [Verdict.Stage]
    private let log10Rate: Double
    private var deciding: Int?

    init(encoding: Verdict.Stage, falsePositiveRate: Double) {
        stages = [encoding]
        log10Rate = log10(falsePositiveRate)
    }

    mutating func add(_ sight: Sight, stages: [Verdict.Stage]) {
        if sight.best.log10P <= min(log10Rate, deciding.map { sights[$0].best.log10P } ?? 0) { deciding = sights.count }
        sights.append(sight)
        self.stages += stages
    }

    /// Whether a key was found.
    var isDecided: Bool { deciding != nil }

    /// Index of the sight that the verdict rests on: the best of those that found a key, or the last.
    var index: Int { deciding ?? sights.count - 1 }
}

extension KeyScore {
    /// JSON has no infinity; a p-value of 0 comes of a cosine of 1 alone.
    var finiteLog10P: Double { max(log10P, -99999) }
}
