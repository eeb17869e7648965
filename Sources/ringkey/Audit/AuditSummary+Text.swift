import Foundation
import Verdicts

extension AuditSummary {
    /// The summary for people.
    func text() -> String {
        let found = verdicts[Verdict.Decision.watermarked.rawValue, default: 0]
        let undecided = verdicts[Verdict.Decision.undecided.rawValue, default: 0]
        var lines = [
            "\(complete ? "audited" : "stopped after") \(judged + failed) files: \(judged) judged, \(failed) failed",
            "  watermarked \(found), undecided \(undecided), "
                + "not_watermarked \(verdicts[Verdict.Decision.notWatermarked.rawValue, default: 0])",
        ]
        if failed > 0 {
            let classes = failures.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append("  failed: \(classes.joined(separator: ", "))")
        }
        if already > 0 { lines.append("  \(already) already had a result") }
        if skipped > 0 { lines.append("  \(skipped) other files in the folders are not images and were skipped") }
        let rate = seconds > 0 ? Double(written) / seconds : 0
        lines.append("  \(written) results in \(Format.seconds(seconds)) s, \(String(format: "%.2f", rate)) a second")
        return lines.joined(separator: "\n")
    }
}
