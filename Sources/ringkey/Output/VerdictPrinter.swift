import Attempts
import Files
import Foundation
import Images
import InputErrors
import Marks
import Verdicts

/// Verdicts as JSON lines, as a table, or as a paragraph for a single image.
struct VerdictPrinter {
    private let looks: [Route]
    private let json: Bool
    private let isSingle: Bool
    private let pathWidth: Int
    private let keyWidth: Int

    init(paths: [String], keyNames: [String], looks: [Route], json: Bool) {
        self.looks = looks
        self.json = json
        isSingle = paths.count == 1
        pathWidth = max(5, paths.map { NamedImage.shown($0).count }.max() ?? 0)
        keyWidth = max(3, keyNames.map { Printable.name($0).count }.max() ?? 0)
    }

    func writeHeader() throws {
        if !json, !isSingle { try write(row("IMAGE", "VERDICT", "KEY", "P-VALUE", "RANK", "LOOK", "SECONDS")) }
    }

    func write(_ verdict: Verdict) throws {
        if json {
            var document = verdict
            let name = RawPath(verdict.path)
            document.path = name.description
            try JSONLine.write(AuditRecord(.verdict(document), stamp: nil, rawPath: name.isText ? nil : name))
        } else if isSingle {
            try StandardOutput.write(lines: paragraph(verdict))
        } else {
            let pValue = PValueText.text(verdict)
            try write(
                row(
                    NamedImage.shown(verdict.path), verdict.verdict.rawValue, Printable.name(verdict.key.name), pValue,
                    PValueText.rank(verdict), look(verdict), Format.seconds(verdict.seconds)))
        }
    }

    /// What was done to all images of a table, and unusual findings.
    func writeFooter(_ verdicts: [Verdict]) throws {
        guard !json, !isSingle, let first = verdicts.first else { return }
        var lines = [""]
        for verdict in verdicts {
            for finding in verdict.findings where !Self.counted.contains(finding.code) {
                lines.append("\(NamedImage.shown(verdict.path)): \(describe(finding))")
            }
        }
        let resampled = verdicts.count { $0.findings.contains { $0.code == .imageResampled } }
        if resampled > 0 {
            lines.append("\(resampled) of \(verdicts.count) images were resized or cropped to the model's size")
        }
        let unpromising = verdicts.count { $0.findings.contains { $0.code == .lookedLess } }
        if unpromising > 0 {
            lines.append(
                "\(unpromising) of \(verdicts.count) images promised nothing and were not taken through all looks "
                    + "(--thorough takes them)")
        }
        lines.append("looks: \(looks.map(\.description).joined(separator: ", ")); \(model(first))")
        lines.append(
            "p: chance that an image unrelated to the key matches this well; \(correction(verdicts, first)). "
                + "A match is consistent with the key; it does not prove origin.")
        try StandardOutput.write(lines: lines)
    }

    /// Findings of many images, which a table counts instead of repeating them.
    private static let counted: Set<Verdict.Finding.Code> = [.imageResampled, .lookedLess]

    private func paragraph(_ verdict: Verdict) -> [String] {
        let pValue = PValueText.text(verdict)
        let rate = String(format: "%g", verdict.fpr)
        let keyName = Printable.name(verdict.key.name)
        let meaning =
            switch verdict.verdict {
            case .watermarked: "consistent with key \(keyName): p = \(pValue), below \(rate)"
            case .notWatermarked: "no mark of key \(keyName) found: p = \(pValue), not below \(rate)"
            case .undecided: "cannot be decided for key \(keyName): p = \(pValue)"
            }
        let rank =
            verdict.decoyRank.map {
                "\($0) of \(verdict.decoys + 1) keys (\(verdict.decoys) decoys)"
            } ?? (verdict.placement == nil ? "no decoys" : "none: the place was chosen because it fits the key")
        var lines = [
            NamedImage.shown(verdict.path),
            "  verdict    \(verdict.verdict.rawValue): \(meaning)",
            "  key        \(verdict.key.id) (\(keyName), \(verdict.key.pattern), \(verdict.dimension) numbers)",
            "  rank       \(rank)",
            "  look       \(look(verdict)), \(route(verdict))",
            "  p-value    \(correction(verdict)); \(agreement(verdict))",
            "  recovery   \(done(verdict))",
            "  reference  \(reference(verdict))",
            "  seconds    \(Format.seconds(verdict.seconds))",
        ]
        if let noise = verdict.startingNoise {
            lines.append("  noise      \(self.noise(noise))")
        }
        if let message = verdict.payload {
            lines.append("  message    \(payload(message))")
        }
        for score in verdict.scores.dropFirst() {
            lines.append(
                "  also       key \(Printable.name(score.key.name)): p = \(PValueText.text(log10: score.log10P))")
        }
        for finding in verdict.findings { lines.append("  note       \(describe(finding))") }
        return lines
    }

    private func agreement(_ verdict: Verdict) -> String {
        "\(verdict.statistic ?? "cosine") \(verdict.cosine.map { String(format: "%.3f", $0) } ?? "-")"
    }

    private func noise(_ noise: Verdict.StartingNoise) -> String {
        let files = noise.tried == 1 ? "" : ", the best of \(noise.tried)"
        return "beside the key p = \(PValueText.text(log10: noise.log10P)) for \(Printable.name(noise.file))\(files), "
            + String(format: "cosine %.3f of %d numbers", noise.cosine, noise.dimension)
    }

    /// The message, quoted where it is text, and how sure it is.
    private func payload(_ payload: MarkPayload) -> String {
        let content = payload.text.map { "\"\(Printable.text($0))\"" } ?? payload.hexadecimal
        let doubt = payload.doubtfulBits == 0 ? "" : ", \(payload.doubtfulBits) bits doubtful"
        let expected = payload.isExpected.map { $0 ? ", as the key says" : ", not what the key says" } ?? ""
        return String(format: "%@ (%d bits, all right with %.4g%%", content, payload.bits, 100 * payload.confidence)
            + "\(doubt)\(expected))"
    }

    private func correction(_ verdict: Verdict) -> String {
        let kind = verdict.nullImages.map { "conformal, from \($0) unmarked images" }
        let sides = kind ?? (verdict.twoSided ? "two-sided" : "one-sided")
        return verdict.hypotheses == 1 ? sides : "\(sides), corrected for \(verdict.hypotheses) hypotheses"
    }

    /// The same for all images of a table.
    private func correction(_ verdicts: [Verdict], _ first: Verdict) -> String {
        let most = verdicts.reduce(0) { max($0, $1.hypotheses) }
        let least = verdicts.reduce(most) { min($0, $1.hypotheses) }
        let sides = first.twoSided ? "two-sided" : "one-sided"
        return least == most ? correction(first) : "\(sides), corrected for \(least) to \(most) hypotheses"
    }

    /// `2 of 3`: the look that found a key, or how many were taken in vain; a dash if there was only one.
    private func look(_ verdict: Verdict) -> String {
        let planned = verdict.looksPlanned ?? 1
        let taken = verdict.verdict == .watermarked ? verdict.look : verdict.looks.count
        return planned == 1 ? "-" : "\(taken) of \(planned)"
    }

    /// The attempt that the verdict rests on, what was done to the picture first, and where the key was searched for.
    private func route(_ verdict: Verdict) -> String {
        let look = verdict.looks[verdict.look - 1]
        return "\(look.decoderInversion)/\(look.steps)" + (look.autoencoder.map { " by \(Printable.name($0))" } ?? "")
            + (look.view.map { ", \($0)" } ?? "")
            + (look.search.map { ", search \($0)" } ?? "")
    }

    private func reference(_ verdict: Verdict) -> String {
        let figures = [
            verdict.reference.l1.map { String(format: "L1 %.1f", $0) },
            verdict.reference.pValue.map { String(format: "p %.2g (not calibrated)", $0) },
        ].compactMap(\.self).joined(separator: ", ")
        return figures.isEmpty
            ? "none: \(Printable.text(verdict.reference.note ?? ""))"
            : "\(figures) by \(verdict.reference.source ?? PublishedScore.treeRing)'s formulas"
    }

    /// What was done, in order.
    private func done(_ verdict: Verdict) -> String {
        let stages = verdict.stages.compactMap { stage -> String? in
            switch stage.stage {
            case .preprocessing, .detection: nil
            case .encoding: "encoder"
            case .decoderInversion:
                "decoder inversion \(stage.method)"
                    + (stage.residual.map { String(format: ", residual %.3f", $0) } ?? "")
            case .diffusionInversion: "\(Format.steps(stage.steps ?? 0)) of \(stage.method)"
            }
        }
        return (stages + [model(verdict)]).joined(separator: "; ")
    }

    private func model(_ verdict: Verdict) -> String {
        "model \(Printable.name(verdict.model.name)) \(verdict.model.digest.prefix(12))"
            + (verdict.model.precision.map { " in \($0.rawValue)" } ?? "")
            + (verdict.calibration.map { ", calibrated on \($0.images) images" } ?? "")
    }

    private func describe(_ finding: Verdict.Finding) -> String {
        let figures = [
            finding.measured.map { String(format: "measured %.3g", $0) },
            finding.limit.map { String(format: "limit %.3g", $0) },
        ].compactMap(\.self)
        return Printable.text(finding.message) + (figures.isEmpty ? "" : " (\(figures.joined(separator: ", ")))")
    }

    private func write(_ line: String) throws { try StandardOutput.write(lines: line) }

    private func row(
        _ path: String, _ verdict: String, _ key: String, _ pValue: String, _ rank: String, _ look: String,
        _ seconds: String
    ) -> String {
        func left(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        return [
            left(path, pathWidth), left(verdict, 15), left(key, keyWidth), right(pValue, 8), right(rank, 14),
            right(look, 6), right(seconds, 7),
        ].joined(separator: "  ")
    }
}
