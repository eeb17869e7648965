import Foundation

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
    /// Cosine between the key and what was measured.
    public var cosine: Double?
    /// Independent numbers in the key.
    public var dimension: Int
    /// How many hypotheses were tried: keys × looks that were planned. The p-value is corrected for them.
    public var hypotheses: Int
    /// The look that the verdict rests on, from 1: the first that decided, or the last.
    public var look: Int
    /// Every look that was taken, in order.
    public var looks: [LookResult]
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
    /// Every key that was tried, the best first.
    public var scores: [Score]
    /// What was done, in order.
    public var stages: [Stage]
    /// The model that the image was taken back with.
    public var model: ModelIdentity
    /// The calibration that the verdict's look was judged with; nil where it was judged without.
    public var calibration: CalibrationIdentity?
    /// What is worth knowing about this verdict, each with a stable code.
    public var findings: [Finding]
    /// Seconds spent on this image; of a batch, its share.
    public var seconds: Double
    /// Name and version of the tool.
    public var tool: String

    enum CodingKeys: String, CodingKey {
        case format, path, sha256, bytes, width, height, verdict, key
        case pValue = "p_value"
        case log10P = "log10_p"
        case cosine, dimension, hypotheses, look, looks
        case twoSided = "two_sided"
        case fpr
        case decoyRank = "decoy_rank"
        case decoys, reference, scores, stages, model, calibration, findings, seconds, tool
    }
}

extension Verdict {
    /// A key by its fingerprint and name; never its secret.
    public struct KeyIdentity: Codable, Sendable, Equatable {
        /// The key's fingerprint.
        public var id: String
        /// The name its owner gave it.
        public var name: String
        /// `ring`, `spread`, or a pattern of the Tree-Ring package.
        public var pattern: String

        /// A key's public side.
        public init(id: String, name: String, pattern: String) {
            self.id = id
            self.name = name
            self.pattern = pattern
        }
    }

    /// A model by the digest of its files and the folder it was loaded from.
    public struct ModelIdentity: Codable, Sendable, Equatable {
        /// The folder's last name.
        public var name: String
        /// The folder.
        public var path: String
        /// SHA-256 over the model's files, hexadecimal.
        public var digest: String

        /// A model's name, place and digest.
        public init(name: String, path: String, digest: String) {
            self.name = name
            self.path = path
            self.digest = digest
        }
    }

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

        enum CodingKeys: String, CodingKey {
            case key
            case pValue = "p_value"
            case log10P = "log10_p"
            case cosine, dimension
        }
    }

    /// What one look saw.
    public struct LookResult: Codable, Sendable, Equatable {
        /// The method of decoder inversion and its budget: `anderson:4`.
        public var decoderInversion: String
        /// Steps of diffusion inversion.
        public var steps: Int
        /// Fingerprint of the best key at this look.
        public var key: String
        /// As `Verdict.log10P`, of the best key.
        public var log10P: Double?
        /// As `Verdict.cosine`, of the best key.
        public var cosine: Double?

        enum CodingKeys: String, CodingKey {
            case decoderInversion = "decoder_inversion"
            case steps, key
            case log10P = "log10_p"
            case cosine
        }
    }

    /// The reference implementation's two figures, as it computes them. Its p-value is not calibrated.
    public struct ReferenceScore: Codable, Sendable, Equatable {
        /// Mean of |F - K| over the key's mask; lower is closer.
        public var l1: Double?
        /// Its non-central χ² p-value; absent where it means nothing.
        public var pValue: Double?
        /// Why a figure is absent.
        public var note: String?

        enum CodingKeys: String, CodingKey {
            case l1
            case pValue = "p_value"
            case note
        }
    }

    /// One stage of the chain.
    public struct Stage: Codable, Sendable, Equatable {
        /// The stages, in the order in which they happen.
        public enum Name: String, Codable, Sendable {
            case preprocessing
            case encoding
            case decoderInversion = "decoder_inversion"
            case diffusionInversion = "diffusion_inversion"
            case detection
        }

        /// Which stage.
        public var stage: Name
        /// The algorithm and its settings, in words.
        public var method: String
        /// Model evaluations: E∘D pairs for decoder inversion, steps for diffusion inversion.
        public var steps: Int?
        /// ‖E(D(z)) - E(x)‖ / ‖E(x)‖ after decoder inversion; the largest relative residual of a step after exact
        /// diffusion inversion.
        public var residual: Double?
        /// Seconds for this image; of a batch, its share.
        public var seconds: Double

        /// A stage that was done.
        public init(stage: Name, method: String, steps: Int? = nil, residual: Double? = nil, seconds: Double) {
            self.stage = stage
            self.method = method
            self.steps = steps
            self.residual = residual
            self.seconds = seconds
        }
    }

    /// Something worth knowing, with the measured value and the limit it was held against.
    public struct Finding: Codable, Sendable, Equatable {
        /// Stable names of findings.
        public enum Code: String, Codable, Sendable, CaseIterable {
            /// The key has too few independent numbers for the asked rate.
            case keyCannotReachRate = "key_cannot_reach_rate"
            /// The key was not drawn at random, so that it has no p-value.
            case keyNotRandom = "key_not_random"
            /// The recovered latent does not look like noise: model, preprocessing or image are probably wrong.
            case notNoiseLike = "not_noise_like"
            /// The residual of decoder inversion had risen and an earlier iterate was kept.
            case decoderInversionFellBack = "decoder_inversion_fell_back"
            /// The fixed points of exact diffusion inversion were not found, and naive inversion was done instead.
            case diffusionInversionFellBack = "diffusion_inversion_fell_back"
            /// The image was resized or cropped to the model's size, which weakens every mark.
            case imageResampled = "image_resampled"
            /// There is a calibration, but of another way back to noise than the verdict's.
            case calibrationNotUsed = "calibration_not_used"
        }

        /// Its stable name.
        public var code: Code
        /// The finding in words; free to change.
        public var message: String
        /// What was measured.
        public var measured: Double?
        /// What it was held against.
        public var limit: Double?

        /// A finding, with its figures where it has some.
        public init(code: Code, message: String, measured: Double? = nil, limit: Double? = nil) {
            self.code = code
            self.message = message
            self.measured = measured
            self.limit = limit
        }
    }
}
