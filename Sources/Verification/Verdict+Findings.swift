import DecoderInversion
import Diffusion
import Foundation
import Marks
import NullModels
import Pictures
import Verdicts

/// The wording of findings; codes and figures are what programs read.
extension Verdict.Finding {
    init(_ note: PictureNote) {
        switch note {
        case .firstFrameOnly(let frames):
            self.init(
                code: .firstFrameOnly, message: "the file has \(frames) frames or pages; only the first was judged",
                measured: Double(frames))
        case .colourProfileIgnored(let name):
            self.init(
                code: .colourProfileIgnored,
                message: "the colour profile \"\(name)\" was not applied; samples were taken as sRGB")
        case .bitDepthReduced(let bits):
            self.init(
                code: .bitDepthReduced, message: "samples of \(bits) bits were reduced to 8", measured: Double(bits),
                limit: 8)
        }
    }

    static func keyNotRandom(_ name: String, _ reason: String) -> Self {
        .init(code: .keyNotRandom, message: "key \(name) has no p-value: \(reason)")
    }

    static func keyRevoked(_ name: String, at time: String) -> Self {
        .init(code: .keyRevoked, message: "key \(name) was found and has been revoked since \(time)")
    }

    static func otherMessage(_ name: String, _ message: MarkPayload) -> Self {
        let content = message.text.map { "\"\($0)\"" } ?? message.hexadecimal
        return .init(
            code: .otherMessage,
            message: "a mark under the stream of key \(name) is there, but it carries another message, \(content)")
    }

    static func sharesNoise(_ noise: Verdict.StartingNoise) -> Self {
        .init(
            code: .sharesNoise,
            message: """
                the image started from the noise in \(noise.file), or from a copy of it: they agree beside the key too
                """, measured: noise.pValue)
    }

    static func noiseDisagrees(_ noise: Verdict.StartingNoise, limit: Double) -> Self {
        .init(
            code: .noiseDisagrees,
            message: """
                the key was found, and beside it the image has nothing of the noise in \(noise.file): it did not start from \
                that noise
                """, measured: noise.pValue, limit: limit)
    }

    static func keyCannotReachRate(
        _ name: String, dimension: Int, rate: Double, median: Double, at noise: Decision.SignalToNoise
    ) -> Self {
        let origin = noise.images.map { "measured from \($0) marked images" } ?? "assumed"
        let ratio = String(format: "%.3g", noise.ratio)
        return .init(
            code: .keyCannotReachRate,
            message: """
                key \(name) with its \(dimension) numbers cannot reach a rate of \(rate): recovered at a signal-to-noise \
                ratio of \(ratio) (\(origin)), its mark has a higher p-value in the median
                """, measured: median, limit: rate)
    }

    static func tooFewNullImages(_ name: String, images: Int, smallest: Double, rate: Double) -> Self {
        .init(
            code: .keyCannotReachRate,
            message: """
                the p-value of key \(name) is conformal, from \(images) unmarked images, too few for a rate of \(rate): it \
                cannot be smaller than is measured here
                """, measured: smallest, limit: rate)
    }

    static func notNoiseLike(_ objection: NoiseLikeness.Objection) -> Self {
        .init(
            code: .notNoiseLike, message: objection.message, measured: objection.measured, limit: objection.limit)
    }

    /// - Parameter isWhole: whether all of the image was squeezed into the frame.
    static func resampled(_ subject: Subject, isWhole: Bool) -> Self {
        .init(
            code: .imageResampled,
            message: """
                the image was \(isWhole ? "squeezed" : "resized and cropped") from \(subject.image.width)×\(subject.image.height) to \
                \(subject.frames[0].pixels.shape[3])×\(subject.frames[0].pixels.shape[2])
                """)
    }

    static func pictureMoved(_ placement: Verdict.Placement, in subject: Subject) -> Self {
        let picture = "\(subject.image.width)×\(subject.image.height)"
        return .init(
            code: .pictureMoved,
            message: "the mark was found in a moved picture: \(placement.words) in a picture of \(picture)")
    }

    static func lookedLess(_ left: Int, of planned: Int) -> Self {
        .init(
            code: .lookedLess,
            message: "\(left) of \(planned) looks were left out: nothing seen before them promised a find",
            measured: Double(left))
    }

    /// - Parameter foundAsShown: whether the mark was found in the turned picture; nil where none was found.
    static func orientationTag(_ orientation: Orientation, foundAsShown: Bool?) -> Self {
        let outcome =
            switch foundAsShown {
            case true?: "the mark was found in the picture as it is shown"
            case false?: "the mark was found in the pixels as they are stored"
            case nil: "both orientations were judged"
            }
        return .init(
            code: .orientationTag,
            message: "the file asks for its pixels to be \(orientation.words) before they are shown; \(outcome)",
            measured: Double(orientation.rawValue))
    }

    static func fellBack(_ outcome: DecoderInverter.Outcome) -> Self {
        .init(
            code: .decoderInversionFellBack,
            message: "decoder inversion \(outcome.ending.rawValue); an earlier point with a smaller residual was kept",
            measured: outcome.residual, limit: outcome.encoderResidual)
    }

    static func fellBack(_ outcome: ExactInversion.Outcome) -> Self {
        .init(
            code: .diffusionInversionFellBack,
            message: """
                exact diffusion inversion did not converge, as happens under strong guidance; naive inversion was used \
                instead
                """,
            measured: outcome.residual.isFinite ? outcome.residual : nil)
    }

    static func calibrationNotUsed(_ calibration: Calibration) -> Self {
        let known = calibration.nulls.keys.sorted().joined(separator: ", ")
        return .init(
            code: .calibrationNotUsed,
            message: """
                the calibration covers \(known) with prompt "\(calibration.prompt)" and guidance \
                \(calibration.guidance); this verdict rests on another route
                """)
    }
}

extension Verdict.Placement {
    /// What was done to the picture, as far as it can be told apart.
    fileprivate var words: String {
        var parts: [String] = []
        if isMirrored { parts.append("mirrored") }
        if abs(degrees) >= 0.5 {
            parts.append(String(format: "turned %.0f° %@", abs(degrees), degrees > 0 ? "anticlockwise" : "clockwise"))
        }
        parts.append(
            String(
                format: "shifted by %.0f %% of its width and %.0f %% of its height", 100 * shiftX, 100 * shiftY))
        parts.append(String(format: "%.0f×%.0f pixels large", width, height))
        return parts.joined(separator: ", ")
    }
}
