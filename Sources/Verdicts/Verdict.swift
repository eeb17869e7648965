import Foundation
import Marks
import Models

/// What the tool says of one image: the document `ringkey.verdict/1` (docs/verdict-format.md).
public struct Verdict: Codable, Sendable, Equatable {
    /// The four answers are this enumeration's three and an error, which is no verdict.
    public enum Decision: String, Codable, Sendable, CaseIterable {
        /// The image is consistent with a key at the asked false-positive rate.
        case watermarked
        /// No key's mark was found, and the chain looked healthy enough to have found it.
        case notWatermarked = "not_watermarked"
        /// No mark was found, but the key cannot reach the asked rate or the recovered latent is not noise-like.
        case undecided
    }

    /// The document's name and version.
    public static let formatName = "ringkey.verdict/1"
    /// What `log10P` may be; a smaller p-value is written as the lower end.
    public static let log10PRange = -99999.0...0

    /// The most keys that all have a score.
    public static let mostScores = 8
    /// How many keys have a score where there are more, or a key ring is looked for.
    public static let fewScores = 3

    /// `formatName`.
    public var format = Verdict.formatName
    /// The image as it was named by the user.
    public var path: String
    /// SHA-256 of the file, hexadecimal.
    public var sha256: String
    /// Length of the file in bytes.
    public var bytes: Int
    /// Width and height of the decoded image in pixels, before resizing.
    public var width: Int
    /// Height of the decoded image in pixels, before resizing.
    public var height: Int

    /// The answer.
    public var verdict: Decision
    /// The key with the smallest p-value.
    public var key: KeyIdentity
    /// The chance of such a match for an image that has nothing to do with the key, already multiplied by `hypotheses`.
    /// Absent for a key that was not drawn at random. May be 0 where the value is below the smallest Double.
    public var pValue: Double?
    /// The decimal logarithm of the p-value, exact where the p-value underflows.
    public var log10P: Double?
    /// How well the key agrees with what was measured, from -1 to 1: the cosine, or what `statistic` says.
    public var cosine: Double?
    /// What the agreement is; nil for a cosine.
    public var statistic: String?
    /// The message that the found key's mark carries, as it was read; nil for marks without one, and where none was found.
    public var payload: MarkPayload?
    /// What the noise of a marked image is beside its key; nil where none was found, in a moved picture, and for schemes whose
    /// keys use all of the noise.
    public var noiseSketch: NoiseSketch?
    /// How the noise beside the key agrees with noise that was given; nil where none was, in a moved picture, and for schemes
    /// whose keys use all of the noise.
    public var startingNoise: StartingNoise?
    /// Independent numbers in the key.
    public var dimension: Int
    /// How many unmarked images a conformal p-value was taken from; absent for an exact one, or none.
    public var nullImages: Int?
    /// How many hypotheses were tried: keys, planned attempts, and the places of a search. The p-value is corrected for
    /// them.
    public var hypotheses: Int
    /// The attempt that the verdict rests on, from 1: the first that decided, or the last.
    public var look: Int
    /// Every attempt that was made, in order.
    public var looks: [LookResult]
    /// How many attempts were planned. Absent in documents of versions before 0.4.
    public var looksPlanned: Int?
    /// Where the picture was found; nil where the verdict rests on its own place.
    public var placement: Placement?
    /// Whether a match of reversed sign counts too.
    public var twoSided: Bool
    /// The asked false-positive rate.
    public var fpr: Double
    /// Rank of the key among decoys, 1 being the best of `decoys + 1`.
    public var decoyRank: Int?
    /// Number of decoy keys scored on the same recovered latent.
    public var decoys: Int
    /// What the Tree-Ring paper's package would report, for comparison only.
    public var reference: ReferenceScore
    /// How many keys were tried, where `scores` has the best of them alone; nil where it has all.
    public var keysTried: Int?
    /// The keys that were tried, the best first: all of at most `mostScores`, the best `fewScores` of more.
    public var scores: [Score]
    /// What was done, in order.
    public var stages: [Stage]
    /// The model that the image was taken back with.
    public var model: ModelIdentity
    /// The calibration that the verdict's attempt was judged with; nil where it was judged without.
    public var calibration: CalibrationIdentity?
    /// What is worth knowing about this verdict, each with a stable code.
    public var findings: [Finding]
    /// Seconds spent on this image; of a batch, its share.
    public var seconds: Double
    /// Name and version of the tool.
    public var tool: String

    /// A verdict of these parts.
    public init(
        path: String, sha256: String, bytes: Int, width: Int, height: Int, verdict: Decision, key: KeyIdentity,
        pValue: Double? = nil, log10P: Double? = nil, cosine: Double? = nil, statistic: String? = nil,
        payload: MarkPayload? = nil, noiseSketch: NoiseSketch? = nil, startingNoise: StartingNoise? = nil,
        dimension: Int, nullImages: Int? = nil, hypotheses: Int, look: Int,
        looks: [LookResult], looksPlanned: Int? = nil, placement: Placement? = nil,
        twoSided: Bool, fpr: Double, decoyRank: Int? = nil, decoys: Int,
        reference: ReferenceScore, keysTried: Int? = nil, scores: [Score], stages: [Stage], model: ModelIdentity,
        calibration: CalibrationIdentity? = nil, findings: [Finding], seconds: Double, tool: String
    ) {
        self.path = path
        self.sha256 = sha256
        self.bytes = bytes
        self.width = width
        self.height = height
        self.verdict = verdict
        self.key = key
        self.pValue = pValue
        self.log10P = log10P
        self.cosine = cosine
        self.statistic = statistic
        self.payload = payload
        self.noiseSketch = noiseSketch
        self.startingNoise = startingNoise
        self.dimension = dimension
        self.nullImages = nullImages
        self.hypotheses = hypotheses
        self.look = look
        self.looks = looks
        self.looksPlanned = looksPlanned
        self.placement = placement
        self.twoSided = twoSided
        self.fpr = fpr
        self.decoyRank = decoyRank
        self.decoys = decoys
        self.reference = reference
        self.keysTried = keysTried
        self.scores = scores
        self.stages = stages
        self.model = model
        self.calibration = calibration
        self.findings = findings
        self.seconds = seconds
        self.tool = tool
    }

    enum CodingKeys: String, CodingKey {
        case format, path, sha256, bytes, width, height, verdict, key
        case pValue = "p_value"
        case log10P = "log10_p"
        case cosine, statistic, payload
        case noiseSketch = "noise_sketch"
        case startingNoise = "starting_noise"
        case dimension
        case nullImages = "null_images"
        case hypotheses, look, looks
        case looksPlanned = "looks_planned"
        case placement
        case twoSided = "two_sided"
        case fpr
        case decoyRank = "decoy_rank"
        case decoys, reference
        case keysTried = "keys_tried"
        case scores, stages, model, calibration, findings, seconds, tool
    }
}

extension Verdict {
    /// One key's score on the image; the p-value is corrected for all hypotheses.
    public struct Score: Codable, Sendable, Equatable {
        /// Which key.
        public var key: KeyIdentity
        /// As `Verdict.pValue`.
        public var pValue: Double?
        /// As `Verdict.log10P`.
        public var log10P: Double?
        /// As `Verdict.cosine`.
        public var cosine: Double?
        /// As `Verdict.dimension`.
        public var dimension: Int
        /// As `Verdict.nullImages`.
        public var nullImages: Int?

        /// A score.
        public init(
            key: KeyIdentity, pValue: Double? = nil, log10P: Double? = nil, cosine: Double? = nil, dimension: Int,
            nullImages: Int? = nil
        ) {
            self.key = key
            self.pValue = pValue
            self.log10P = log10P
            self.cosine = cosine
            self.dimension = dimension
            self.nullImages = nullImages
        }

        enum CodingKeys: String, CodingKey {
            case key
            case pValue = "p_value"
            case log10P = "log10_p"
            case cosine, dimension
            case nullImages = "null_images"
        }
    }

    /// What one attempt saw.
    public struct LookResult: Codable, Sendable, Equatable {
        /// The method of decoder inversion and its budget: `anderson:4`.
        public var decoderInversion: String
        /// Steps of diffusion inversion.
        public var steps: Int
        /// The name of the autoencoder that stood in for the model's; nil for the model's own.
        public var autoencoder: String?
        /// What was done to the picture first; nil where nothing was.
        public var view: String?
        /// The part of a search in which the best key was seen best; nil where none was made.
        public var search: String?
        /// Fingerprint of the best key at this attempt.
        public var key: String
        /// As `Verdict.log10P`, of the best key.
        public var log10P: Double?
        /// As `Verdict.cosine`, of the best key.
        public var cosine: Double?

        /// What one attempt saw.
        public init(
            decoderInversion: String, steps: Int, autoencoder: String? = nil, view: String? = nil,
            search: String? = nil, key: String, log10P: Double? = nil, cosine: Double? = nil
        ) {
            self.decoderInversion = decoderInversion
            self.steps = steps
            self.autoencoder = autoencoder
            self.view = view
            self.search = search
            self.key = key
            self.log10P = log10P
            self.cosine = cosine
        }

        enum CodingKeys: String, CodingKey {
            case decoderInversion = "decoder_inversion"
            case steps, autoencoder, view, search, key
            case log10P = "log10_p"
            case cosine
        }
    }

    /// The figures of the scheme's publication, as its code computes them. Its p-value is not calibrated.
    public struct ReferenceScore: Codable, Sendable, Equatable {
        /// Whose figures they are; nil for the Tree-Ring package's.
        public var source: String?
        /// Mean of |F - K| over the key's mask; lower is closer.
        public var l1: Double?
        /// Its non-central χ² p-value; absent where it means nothing.
        public var pValue: Double?
        /// Why a figure is absent.
        public var note: String?

        /// Figures, or the reason why there are none.
        public init(
            source: String? = nil, l1: Double? = nil, pValue: Double? = nil, note: String? = nil
        ) {
            self.source = source
            self.l1 = l1
            self.pValue = pValue
            self.note = note
        }

        enum CodingKeys: String, CodingKey {
            case source, l1
            case pValue = "p_value"
            case note
        }
    }
}
