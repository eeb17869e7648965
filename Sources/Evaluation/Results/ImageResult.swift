import Foundation
import InputErrors
import Verdicts

/// What results say of one image, as far as a report needs it: some 200 bytes, so that millions fit in memory.
public struct ImageResult: Sendable, Equatable {
    /// What became of the image.
    public enum Outcome: Sendable, Equatable {
        /// It was judged.
        case judged(Judgement)
        /// It could not be judged: the class, and what was found.
        case failed(AuditFailure.Code, String)
    }

    /// The image as it was named, all of it: as `RawPath.text` has it.
    public var path: String
    /// What became of it.
    public var outcome: Outcome

    /// The folder that a relative path starts from: its place in `Results.folders`; nil where the results do not say.
    let folder: Int?

    /// An image and what became of it.
    init(path: String, outcome: Outcome, folder: Int? = nil) {
        self.path = path
        self.outcome = outcome
        self.folder = folder
    }

    /// The name for people.
    var shownPath: String { Printable.name(path) }

    /// Its figures, where it was judged.
    public var judgement: Judgement? {
        if case .judged(let judgement) = outcome { judgement } else { nil }
    }
}

/// The figures of a verdict that a report needs.
public struct Judgement: Sendable, Equatable {
    /// The answer.
    public var decision: Verdict.Decision
    /// The key with the smallest p-value: its place in `Results.keys`.
    public var key: Int
    /// Keys that have a score, the best first, where there were more than those: their places in `Results.keys`.
    public var candidates: [Int] = []
    /// The model: its place in `Results.models`.
    public var model: Int
    /// The calibration: its place in `Results.calibrations`; nil where the image was judged without.
    public var calibration: Int?
    /// log₁₀ of the p-value of the attempt that the verdict rests on, before it was multiplied by the hypotheses. Absent for a
    /// key that was not drawn at random.
    public var log10P: Double?
    /// What the verdict's p-value was multiplied by: keys × attempts.
    public var hypotheses: Int
    /// How many keys were tried.
    public var keysTried: Int
    /// How many attempts were made.
    public var looksTaken: Int
    /// How many attempts were planned.
    public var looksPlanned: Int
    /// The false-positive rate that was asked for.
    public var rate: Double
    /// The Tree-Ring package's distance; lower is closer.
    public var referenceL1: Double?
    /// The Tree-Ring package's p-value, which is not calibrated.
    public var referenceP: Double?
    /// What was worth knowing.
    public var findings: FindingSet
    /// What the noise of a marked image is beside its key.
    public var sketch: NoiseSketch?
    /// Length of the file in bytes.
    public var bytes: Int
    /// SHA-256 of the file.
    public var digest: FileDigest
    /// Seconds spent on it.
    public var seconds: Double

    /// log₁₀ of the p-value as the verdict gives it, but not cut at a p-value of 1, so that images keep their order there.
    public var log10Corrected: Double? { log10P.map { $0 + log10(Double(hypotheses)) } }

    /// The chance that the best of as many keys matches at least as well at this attempt: uniform over images that have
    /// nothing to do with the keys (Šidák's rule for independent keys, before the correction for attempts).
    public var uniformP: Double? {
        log10P.map { -expm1(Double(keysTried) * log1p(-pow(10, min($0, 0)))) }
    }
}
