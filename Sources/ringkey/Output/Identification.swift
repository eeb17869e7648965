import Files
import Foundation
import Images
import InputErrors
import Marks
import Verdicts

/// Whose mark a verdict says that an image carries.
struct Identification: Encodable {
    /// The answer in a word.
    enum Answer: String, Encodable {
        case key
        case someKey = "some_key"
        case none
        case undecided
    }

    /// One key with its p-value, corrected for all keys.
    struct Candidate: Encodable {
        let key: KeyIdentity
        let log10P: Double?
        let pValue: Double?

        enum CodingKeys: String, CodingKey {
            case key
            case log10P = "log10_p"
            case pValue = "p_value"
        }

        init(_ score: Verdict.Score) {
            key = score.key
            log10P = score.log10P
            pValue = score.pValue
        }

        var words: String {
            let owner = key.owner.map { " of \(Printable.name($0))" } ?? ""
            return "\(Printable.name(key.name))\(owner) (\(key.id)): p = \(PValueText.text(log10: log10P))"
        }
    }

    let path: String
    let answer: Answer
    /// The key that was found.
    let key: KeyIdentity?
    /// The best key, whether or not it was found, and the next one.
    let best: Candidate?
    let runnerUp: Candidate?
    let keysTried: Int
    let hypotheses: Int
    let fpr: Double
    let placement: Verdict.Placement?
    let findings: [Verdict.Finding]

    enum CodingKeys: String, CodingKey {
        case path, answer, key, best
        case runnerUp = "runner_up"
        case keysTried = "keys_tried"
        case hypotheses, fpr, placement, findings
    }

    init(_ verdict: Verdict) {
        let keys = verdict.scores.filter { $0.key.pattern != "pilot" }.map(Candidate.init)
        path = RawPath(verdict.path).description
        best = keys.first
        runnerUp = keys.dropFirst().first
        keysTried = verdict.keysTried ?? verdict.scores.count
        hypotheses = verdict.hypotheses
        fpr = verdict.fpr
        placement = verdict.placement
        findings = verdict.findings
        answer =
            switch verdict.verdict {
            case .watermarked: verdict.key.pattern == "pilot" ? .someKey : .key
            case .notWatermarked: .none
            case .undecided: .undecided
            }
        key = answer == .key ? verdict.key : nil
    }

    var lines: [String] {
        let name = NamedImage.shown(path)
        let tried = "\(keysTried) keys"
        var lines: [String]
        switch answer {
        case .key:
            lines = [
                "\(name)  \(best?.words ?? ""), corrected for \(hypotheses) hypotheses (\(tried) × looks and places)"
            ]
        case .someKey: lines = ["\(name)  some key of the ring: its pilot was found, and none of \(tried) can be told"]
        case .none: lines = ["\(name)  none of these: no mark of \(tried) found at a rate of \(fpr)"]
        case .undecided: lines = ["\(name)  undecided: no mark of \(tried) found, which says nothing here"]
        }
        if answer == .key, let runnerUp { lines.append("  runner-up  \(runnerUp.words)") }
        if answer != .key, let best { lines.append("  nearest    \(best.words)") }
        lines += findings.map { "  note       \(Printable.text($0.message))" }
        return lines
    }
}
