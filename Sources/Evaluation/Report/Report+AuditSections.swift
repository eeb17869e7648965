import Auditing
import Foundation
import Plotting
import Verification

/// The parts of a report that need no labels.
extension Report {
    private static let picturedFinds = 36
    private static let listedFinds = 200
    private static let failureExamples = 3

    /// Counts, and in one sentence what they say.
    var overview: ReportSection {
        let counts = summary.counts
        var lead =
            "\(ReportText.count(counts.images, "image")): \(ReportText.count(counts.watermarked)) consistent with a key"
        if let rates { lead += " at a false-positive rate of \(rates)" }
        lead += ", \(ReportText.count(counts.notWatermarked)) without a mark that could be found"
        lead += ", \(ReportText.count(counts.undecided)) undecided"
        lead += ", \(ReportText.count(counts.failed)) that could not be judged."
        var section = ReportSection(title: "In short", paragraphs: [lead] + warnings.map { "Note: \($0)." })
        section.tables.append(
            .init(
                caption: "Images by outcome", columns: ["outcome", "images", "share"],
                rows: [
                    ("watermarked: consistent with a key", counts.watermarked),
                    ("not watermarked", counts.notWatermarked), ("undecided", counts.undecided),
                    ("could not be judged", counts.failed),
                ].map { name, count in
                    let share = counts.images == 0 ? "-" : ReportText.percent(Double(count) / Double(counts.images))
                    return [name, ReportText.count(count), share]
                }))
        if results.superseded > 0 {
            section.notes.append(
                "\(ReportText.count(results.superseded, "line")) gave way to a later one for the same path.")
        }
        return section
    }

    /// The rates that were asked for, in words; nil where nothing was judged.
    private var rates: String? {
        guard let first = summary.rates.first, let last = summary.rates.last else { return nil }
        return first == last ? ReportText.rate(first) : "\(ReportText.rate(first)) to \(ReportText.rate(last))"
    }

    /// The p-values of what was not found, against the uniform line.
    var pValues: ReportSection? {
        let total = summary.pValues.reduce(0, +)
        guard total > 0 else { return nil }
        let bins = Double(AuditSummary.bins)
        let expected = Double(total) / bins
        let spread = Interval.normalReach * (expected * (1 - 1 / bins)).squareRoot()
        let highest = Double(summary.pValues.max() ?? 0)
        var chart = SVGChart(
            identifier: "pvalues",
            description: "Histogram of p-values of \(total) images that were not found, against the uniform line",
            horizontal: SVGAxis("p-value", 0...1),
            vertical: SVGAxis("images", 0...max(highest, expected + spread) * 1.08),
            legend: .above)
        chart.band(from: max(0, expected - spread), to: expected + spread, label: "95 % of such bins")
        chart.bars(
            summary.pValues.enumerated().map { (Double($0) / bins, Double($0 + 1) / bins, Double($1)) }, .first,
            label: "images not found")
        chart.rule(at: expected, label: "uniform: no mark at all")
        let judged = summary.counts.images - summary.counts.failed - summary.counts.withoutScore
        let found = summary.counts.watermarked
        let chance = summary.expectedFalsePositives
        return ReportSection(
            title: "P-values",
            paragraphs: [
                """
                If none of the \(ReportText.count(judged, "image")) with a p-value had anything to do with the keys, \
                chance alone would make \(Self.expected(chance)) finds at the asked rate; there \
                \(found == 1 ? "is" : "are") \(ReportText.count(found)).
                """,
                """
                Images without a mark spread evenly from 0 to 1. An excess at the left says that marked images may be \
                among those that were not found.
                """,
            ],
            figures: [
                .init(
                    title: "P-values of the \(ReportText.count(total, "image")) that were not found", svg: chart.svg,
                    note: """
                        Of the last look at each image, before the correction for looks, for the best key corrected for the \
                        number of keys.
                        """)
            ])
    }

    private static func expected(_ value: Double) -> String {
        value >= 0.1 ? String(format: "%.1f", value) : String(format: "%.1g", value)
    }

    /// Finds by key, and the strongest with pictures.
    var findsSection: ReportSection? {
        let total = summary.counts.watermarked
        guard total > 0 else { return nil }
        var section = ReportSection(title: "Finds")
        section.tables.append(
            .init(
                caption: "Finds by key", columns: ["key", "fingerprint", "finds"],
                rows: zip(results.keys, summary.findsByKey).map { [$0.name, $0.id, ReportText.count($1)] },
                textColumns: [0, 1]))
        let listed = finds(limit: Self.listedFinds)
        section.gallery = .init(entries: listed.prefix(Self.picturedFinds).map { entry($0, more: []) })
        if listed.count > Self.picturedFinds {
            let rest = listed.dropFirst(Self.picturedFinds).map { entry($0, more: []) }
            section.listing = .init(
                caption: "The next", columns: ["path", "p", "key"],
                rows: rest.map { [$0.image.path] + $0.figures.map(\.value) }, textColumns: [0, 2])
        }
        if listed.count < total {
            section.notes.append(
                "The \(listed.count) with the smallest p-values of \(ReportText.count(total)); --csv lists all.")
        }
        return section
    }

    /// An image with its p-value and key.
    func entry(_ image: ImageResult, more: [(name: String, value: String)]) -> ReportSection.Gallery.Entry {
        var figures: [(name: String, value: String)] = []
        if let judgement = image.judgement {
            figures.append(("p", ReportText.pValue(log10: judgement.log10Corrected)))
            figures.append(("key", results.keys[judgement.key].name))
        }
        return .init(image: image, figures: figures + more)
    }

    /// What could not be judged, by class.
    var failuresSection: ReportSection? {
        guard summary.counts.failed > 0 else { return nil }
        var examples: [AuditFailure.Code: [String]] = [:]
        for image in results.images {
            guard case .failed(let code, let found) = image.outcome,
                examples[code, default: []].count < Self.failureExamples
            else { continue }
            examples[code, default: []].append("\(image.path) (\(found))")
        }
        let rows = AuditFailure.Code.allCases.compactMap { code -> [String]? in
            guard let count = summary.failures[code.rawValue] else { return nil }
            return [code.rawValue, ReportText.count(count), (examples[code] ?? []).joined(separator: "; ")]
        }
        return ReportSection(
            title: "Failures",
            tables: [
                .init(
                    caption: "Images that could not be judged", columns: ["class", "images", "examples"], rows: rows,
                    textColumns: [0, 2])
            ])
    }

    /// With what the images were judged.
    var provenance: ReportSection {
        var section = ReportSection(title: "Keys, model, settings")
        section.tables.append(
            .init(
                caption: "Keys that were looked for (fingerprints; a report never holds a secret)",
                columns: ["key", "fingerprint", "pattern"], rows: results.keys.map { [$0.name, $0.id, $0.pattern] },
                textColumns: [0, 1, 2]))
        section.tables.append(
            .init(
                caption: "Models", columns: ["model", "digest", "folder"],
                rows: results.models.map { [$0.name, $0.digest, $0.path] }, textColumns: [0, 1, 2]))
        if !results.calibrations.isEmpty {
            section.tables.append(
                .init(
                    caption: "Calibrations: what unmarked images of the model share",
                    columns: ["digest", "learnt from"],
                    rows: results.calibrations.map { [$0.digest, ReportText.count($0.images, "image")] },
                    textColumns: [0, 1]))
        }
        let names = Set(results.audits.flatMap { $0.settings.keys }).sorted()
        if !names.isEmpty {
            section.tables.append(
                .init(
                    caption: "Settings of the audit", columns: ["setting", "value"],
                    rows: names.map { name in
                        var values: [String] = []
                        for value in results.audits.map({ $0.settings[name] ?? "-" }) where !values.contains(value) {
                            values.append(value)
                        }
                        return [name, values.joined(separator: " | ")]
                    }, textColumns: [0, 1]))
        }
        if results.audits.count > 1 {
            section.paragraphs.append(
                "Note: these results come of \(results.audits.count) audits that differ in keys, model or settings.")
        }
        if !summary.findings.isEmpty {
            section.tables.append(
                .init(
                    caption: "What was worth knowing of verdicts", columns: ["finding", "verdicts", "meaning"],
                    rows: Verdict.Finding.Code.allCases.compactMap { code in
                        summary.findings[code.rawValue].map {
                            [code.rawValue, ReportText.count($0), Self.meaning(code)]
                        }
                    }, textColumns: [0, 2]))
        }
        for command in results.audits.compactMap(\.command).prefix(8) {
            section.notes.append("Command: \(command.joined(separator: " "))")
        }
        section.notes.append(
            "Judged by \(results.tools.joined(separator: ", ")) in \(ReportText.duration(summary.seconds)) of work on images."
        )
        return section
    }

    private static func meaning(_ code: Verdict.Finding.Code) -> String {
        switch code {
        case .keyCannotReachRate: "the key has too few numbers for the asked rate"
        case .keyNotRandom: "the key was not drawn at random and has no p-value"
        case .notNoiseLike: "the recovered noise does not look like noise"
        case .decoderInversionFellBack: "decoder inversion kept an earlier point"
        case .imageResampled: "the image was resized or cropped to the model's size"
        case .diffusionInversionFellBack: "naive diffusion inversion was done in place of the exact one"
        case .calibrationNotUsed: "the calibration is of another way back to noise"
        }
    }

    /// What a reader must not conclude.
    var meaning: ReportSection {
        ReportSection(
            title: "What this means",
            paragraphs: [
                """
                A p-value is the chance of such a match for an image that has nothing to do with the key; it is exact over \
                the draw of the key and already corrected for the number of keys and looks. It is not the chance that the \
                image is unmarked.
                """,
                """
                Watermarked means consistent with the key: a key can be forged from one marked image, so a match does not \
                prove who made an image. Not watermarked does not mean that an image was not generated: a mark can be \
                removed. Undecided means that an absence would say nothing.
                """,
            ])
    }
}
