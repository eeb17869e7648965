import Evaluation
import Foundation
import Marks
import Models
import TestSupport
import Verdicts

/// Lines of results as the tool writes them.
enum Samples {
    static let keys = [
        KeyIdentity(id: "a4b2e0aaf40f4ea7", name: "demo", pattern: "spread"),
        KeyIdentity(id: "0137a4cd4dc47ac7", name: "other", pattern: "spread"),
    ]
    static let model = ModelIdentity(name: "grove", path: "/models/grove", digest: "b97282")
    static let settings = Report.Settings(title: "Test", tool: "ringkey test", created: "2026-01-01T00:00:00Z")

    /// A verdict of one look, as it is read from a line.
    /// - Parameter log10P: nil for a key that was not drawn at random.
    static func verdict(
        _ path: String, log10P: Double?, cosine: Double = 0.01, key: Int = 0, keysTried: Int = 1,
        decision: Verdict.Decision? = nil, l1: Double? = nil, digest: Int? = nil
    ) -> Verdict {
        let corrected = log10P.map { min(0, $0 + log10(Double(keysTried))) }
        let digits = String(digest ?? path.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }, radix: 16)
        let decision = decision ?? ((corrected ?? 0) <= -6 ? .watermarked : .notWatermarked)
        let scores = (0..<keysTried).map { place -> [String: Any] in
            let score: [String: Any] = ["key": identity((place + key) % 2), "dimension": 1392]
            return score.merging(place == 0 ? figures(corrected, cosine) : figures(0, -0.05)) { $1 }
        }
        var document: [String: Any] = [
            "format": "ringkey.verdict/1", "path": path, "verdict": decision.rawValue, "key": identity(key),
            "sha256": String(repeating: "0", count: 64 - digits.count) + digits, "bytes": 1234, "width": 128,
            "height": 128, "dimension": 1392, "hypotheses": keysTried, "look": 1, "two_sided": false, "fpr": 1e-6,
            "decoys": 0, "scores": scores, "seconds": 0.25, "tool": "ringkey test",
        ]
        document["looks"] = [["decoder_inversion": "none", "steps": 5, "key": keys[key].id] as [String: Any]]
        document["reference"] = l1.map { ["l1": $0, "p_value": $0 / 100] } ?? [:]
        document["stages"] = [
            ["stage": "detection", "method": "a \"quoted\" method {[", "seconds": 0.1] as [String: Any]
        ]
        document["model"] = ["name": model.name, "path": model.path, "digest": model.digest]
        document["calibration"] = ["digest": "c0ffee", "images": 64] as [String: Any]
        document["findings"] = [["code": "image_resampled", "message": "it was", "measured": 1] as [String: Any]]
        document.merge(figures(corrected, cosine)) { $1 }
        do {
            return try JSONDecoder().decode(Verdict.self, from: JSONSerialization.data(withJSONObject: document))
        } catch {
            preconditionFailure("a verdict that cannot be read: \(error)")
        }
    }

    private static func identity(_ key: Int) -> [String: Any] {
        ["id": keys[key].id, "name": keys[key].name, "pattern": keys[key].pattern]
    }

    private static func figures(_ log10P: Double?, _ cosine: Double) -> [String: Any] {
        log10P.map { ["p_value": pow(10, $0), "log10_p": $0, "cosine": cosine] } ?? [:]
    }

    static func failure(_ path: String, _ code: AuditFailure.Code = .damaged) -> AuditFailure {
        AuditFailure(path: path, code: code, expected: "an image", found: "<b>half of one</b>")
    }

    static let header = AuditHeader(
        tool: "ringkey test", created: "2026-01-01T00:00:00Z", model: model, keys: keys, settings: ["fpr": "1e-06"],
        shard: nil)

    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    /// The results of some documents, a line each.
    static func results(_ documents: [any Encodable]) throws -> Results {
        let folder = try TemporaryFolder()
        let lines = try documents.map { try line($0) }.joined()
        return try Results(contentsOf: [folder.write("r.jsonl", Data(lines.utf8))])
    }
}
