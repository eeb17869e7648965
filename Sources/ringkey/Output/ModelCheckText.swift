import Foundation
import InputErrors
import Models
import RingkeyKit

/// What a model's check came to, as a table of Markdown that can be pasted.
enum ModelCheckText {
    static func lines(_ check: ModelCheck, _ model: ModelIdentity, options: ExecutionOptions) -> [String] {
        let threads = options.threads.map(String.init) ?? "one per core"
        var lines = [
            "\(Printable.name(model.name)) \(model.digest.prefix(12)) in \((model.precision ?? .float32).rawValue), "
                + "\(ToolVersion.name)",
            "\(ProcessorFeatures.current.name ?? "unknown CPU"), \(ProcessInfo.processInfo.activeProcessorCount) cores, "
                + "threads \(threads), \(options.provider)",
            "",
            "| part | opens, s | a call, s | in memory, MB |",
            "|---|---|---|---|",
        ]
        lines += check.stages.map { stage in
            let memory = stage.resident.map { "\($0 / 1_000_000)" } ?? "?"
            return
                "| \(stage.part.rawValue) | \(Format.seconds(stage.opens)) | \(Format.seconds(stage.call)) | \(memory) |"
        }
        lines += ["", "- a picture through encoder and decoder: \(String(format: "%.1f", check.roundTrip)) dB"]
        if let made = check.generated {
            let p = made.log10P.map { String(format: ", log10 p = %.1f", $0) } ?? ""
            lines += [
                "- an image of \(Format.steps(made.steps)) at guidance \(made.guidance): \(Format.seconds(made.seconds)) s",
                "- its mark: \(made.verdict.rawValue) at look \(made.look)\(p), \(Format.seconds(made.verifySeconds)) s",
            ]
        } else {
            lines.append("- no image: the model has no network that predicts noise")
        }
        if let peak = check.peak { lines.append("- at most \(peak / 1_000_000) MB in memory") }
        return lines
    }
}
