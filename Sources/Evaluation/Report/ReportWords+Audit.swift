import Foundation
import InputErrors
import Verdicts

/// The parts that need no labels.
extension ReportWords {
    // MARK: - In short

    static let overviewTitle = "In short"
    static let outcomes = "Images by outcome"
    static let outcomeColumns = ["outcome", "images", "share"]
    static let outcomeNames = (
        watermarked: "watermarked: consistent with a key", notWatermarked: "not watermarked", undecided: "undecided",
        failed: "could not be judged"
    )

    /// - Parameter rates: the lowest and the highest that were asked for; nil where nothing was judged.
    static func lead(_ counts: ClassCounts, rates: (Double, Double)?) -> String {
        var lead =
            "\(ReportText.count(counts.images, "image")): \(ReportText.count(counts.watermarked)) consistent with a key"
        if let (lowest, highest) = rates {
            let range =
                lowest == highest
                ? ReportText.rate(lowest) : "\(ReportText.rate(lowest)) to \(ReportText.rate(highest))"
            lead += " at a false-positive rate of \(range)"
        }
        lead += ", \(ReportText.count(counts.notWatermarked)) without a mark that could be found"
        lead += ", \(ReportText.count(counts.undecided)) undecided"
        lead += ", \(ReportText.count(counts.failed)) that could not be judged."
        return lead
    }

    static func warning(_ text: String) -> String { "Note: \(text)." }

    static func superseded(_ lines: Int) -> String {
        "\(ReportText.count(lines, "line")) gave way to a later one for the same path."
    }

    // MARK: - P-values

    static let pValuesTitle = "P-values"
    static let pValuesAxes = (horizontal: "p-value", vertical: "images")
    static let pValuesSeries = (
        band: "95 % of such bins", bars: "images not found", rule: "uniform: no mark at all"
    )
    static let pValuesNote = """
        Of the last attempt at each image, before the correction for attempts, for the best key corrected for the number of \
        keys.
        """

    static func pValuesDescription(_ images: Int) -> String {
        "Histogram of p-values of \(images) images that were not found, against the uniform line"
    }

    static func pValuesFigure(_ images: Int) -> String {
        "P-values of the \(ReportText.count(images, "image")) that were not found"
    }

    /// - Parameters:
    ///   - judged: images with a p-value.
    ///   - chance: finds that chance alone would make.
    static func pValuesMeaning(judged: Int, found: Int, chance: Double) -> [String] {
        let expected = chance >= 0.1 ? String(format: "%.1f", chance) : String(format: "%.1g", chance)
        return [
            """
            If none of the \(ReportText.count(judged, "image")) with a p-value had anything to do with the keys, chance \
            alone would make \(expected) finds at the asked rate; there \(found == 1 ? "is" : "are") \
            \(ReportText.count(found)).
            """,
            """
            Images without a mark spread evenly from 0 to 1. An excess at the left suggests that marked images may be \
            among those that were not found.
            """,
        ]
    }

    // MARK: - Finds and failures

    static let findsTitle = "Finds"
    static let findsByKey = "Finds by key"
    static let findsByKeyColumns = ["key", "fingerprint", "finds"]
    static let furtherFinds = "The next"
    static let furtherFindsColumns = ["path", "p", "key"]
    static let figures = (pValue: "p", key: "key", group: "group")

    static func findsLeftOut(listed: Int, total: Int) -> String {
        "The \(listed) with the smallest p-values of \(ReportText.count(total)); the CSV lists all."
    }

    static let failuresTitle = "Failures"
    static let failures = "Images that could not be judged"
    static let failureColumns = ["class", "images", "examples"]

    static func example(_ path: String, _ found: String) -> String { "\(path) (\(found))" }

    // MARK: - Keys, model, settings

    static let provenanceTitle = "Keys, model, settings"
    static let keys = "Keys that were looked for (fingerprints; a report never holds a secret)"
    static let keyColumns = ["key", "fingerprint", "pattern"]
    static let models = "Models"
    static let modelColumns = ["model", "digest", "folder"]
    static let calibrations = "Calibrations: what unmarked images of the model share"
    static let calibrationColumns = ["digest", "learnt from"]
    static let settings = "Settings of the audit"
    static let settingColumns = ["setting", "value"]
    static let findings = "Findings of verdicts"
    static let findingColumns = ["finding", "verdicts", "meaning"]

    static func severalAudits(_ count: Int) -> String {
        "Note: these results come from \(count) audits that differ in keys, model or settings."
    }

    static func command(_ words: [String]) -> String { "Command: \(words.map(Printable.name).joined(separator: " "))" }

    static func judged(by tools: [String], seconds: Double) -> String {
        "Judged by \(tools.joined(separator: ", ")) in \(ReportText.duration(seconds)) of work on images."
    }

    static func meaning(_ code: Verdict.Finding.Code) -> String {
        switch code {
        case .keyCannotReachRate: "the key's mark, as it comes back, would not reach the asked rate"
        case .keyNotRandom: "the key was not drawn at random and has no p-value"
        case .keyRevoked: "a key was found that has been revoked"
        case .otherMessage: "a mark under the key's stream carries another message"
        case .sharesNoise: "the image started from the noise that was given"
        case .noiseDisagrees: "a key was found in an image that did not start from the noise that was given"
        case .notNoiseLike: "the recovered noise does not look like noise"
        case .decoderInversionFellBack: "decoder inversion kept an earlier point"
        case .imageResampled: "the image was resized or cropped to the model's size"
        case .diffusionInversionFellBack: "naive diffusion inversion was used instead of exact"
        case .calibrationNotUsed: "the calibration was learnt for another way of recovering the noise"
        case .firstFrameOnly: "the file has several frames or pages; the first was judged"
        case .colourProfileIgnored: "the file's colour profile is not sRGB and was not applied"
        case .bitDepthReduced: "samples of more than 8 bits were reduced to 8"
        case .lookedLess: "later looks were left out, because nothing seen so far promised a find"
        case .pictureMoved: "the mark was found in a picture that was turned, scaled, mirrored, cut or shifted"
        case .orientationTag: "the file asks for its pixels to be turned; both orientations were judged"
        }
    }

    // MARK: - What this means

    static let meaningTitle = "What this means"
    static let meaning = [
        """
        A p-value is the chance of such a match for an image that has nothing to do with the key; it is exact over the \
        draw of the key and already corrected for the number of keys and attempts. It is not the chance that the image is \
        unmarked.
        """,
        """
        Watermarked means consistent with the key: a key can be forged from one marked image, so a match does not prove \
        who made an image. Not watermarked does not mean that an image was not generated: a mark can be removed. \
        Undecided means that an absence would say nothing.
        """,
    ]
}
