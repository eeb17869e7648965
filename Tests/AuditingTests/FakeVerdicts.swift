import Attempts
import Auditing
import Files
import Foundation
import Images
import Marks
import Models
import Pictures
import Verdicts
import Verification

/// Verdicts without a model.
enum Fake {
    static let key = KeyIdentity(id: "0123456789abcdef", name: "fake", pattern: "ring")
    static let model = ModelIdentity(name: "none", path: "/none", digest: String(repeating: "0", count: 64))

    /// A header that differs from others in what is given.
    static func header(
        settings: [String: String] = ["fpr": "1e-06"], shard: String? = nil, digest: String? = nil,
        keys: [KeyIdentity] = [key], tool: String = "ringkey test"
    ) -> AuditHeader {
        var model = model
        model.digest = digest ?? model.digest
        return AuditHeader(
            tool: tool, created: "2026-01-01T00:00:00Z", model: model, keys: keys, settings: settings, shard: shard,
            command: ["ringkey", "audit"], folder: "/")
    }

    static func verdict(
        _ path: String, sha256: String = String(repeating: "0", count: 64), decision: Verdict.Decision = .notWatermarked
    ) -> Verdict {
        let json = """
            {"format":"ringkey.verdict/1","path":\(quoted(path)),"sha256":"\(sha256)","bytes":1,"width":2,"height":2,
            "verdict":"\(decision.rawValue)","key":{"id":"\(key.id)","name":"fake","pattern":"ring"},"p_value":0.5,
            "log10_p":-0.3,"cosine":0.1,"dimension":10,"hypotheses":1,"look":1,"looks":[],"two_sided":false,"fpr":1e-6,"decoys":0,
            "reference":{},"scores":[],"stages":[],"model":{"name":"none","path":"/none","digest":"0"},"findings":[],
            "seconds":0.1,"tool":"ringkey test"}
            """
        do {
            return try JSONDecoder().decode(Verdict.self, from: Data(json.utf8))
        } catch {
            preconditionFailure("a verdict that cannot be read: \(error)")
        }
    }

    static func record(_ path: String, decision: Verdict.Decision = .notWatermarked) -> AuditRecord {
        AuditRecord(.verdict(verdict(path, decision: decision)), stamp: FileStamp(size: 1, modified: 2))
    }

    /// The content of a PNG of 2×2 pixels; `seed` makes different ones.
    static func png(_ seed: UInt8 = 0) throws -> Data {
        Data(try PNGEncoder.encode(RGBImage(width: 2, height: 2, pixels: [UInt8](repeating: seed, count: 12))))
    }

    /// One attempt.
    static let plan = Plan(routes: [Route(.none, steps: 0)])

    /// An audit with images of 2×2 pixels.
    static func audit(
        batch: Int = 4, memory: Int = 1 << 30, index: AuditIndex? = nil,
        judge: @escaping @Sendable ([Subject]) throws -> [Verdict] = {
            $0.map { verdict($0.name, sha256: $0.sha256) }
        }
    ) -> Audit {
        var settings = Audit.Settings(batch: batch, imageSize: (2, 2), plan: plan, limitMegapixels: 1)
        settings.memory = memory
        return Audit(settings, index: index, judge: judge)
    }

    /// The lines of an audit.
    static func records(
        _ audit: Audit, _ sources: [AuditSource], shard: Shard? = nil, separator: UInt8 = UInt8(ascii: "\n")
    ) throws -> [AuditRecord] {
        var records: [AuditRecord] = []
        _ = try audit.run(sources, shard: shard, separator: separator) { event in
            if case .record(let record) = event { records.append(record) }
        }
        return records
    }

    private static func quoted(_ text: String) -> String {
        (try? String(decoding: JSONEncoder().encode(text), as: UTF8.self)) ?? "\"\""
    }
}

extension AuditRecord {
    /// `ok`, or the class of failure.
    var outcomeName: String {
        switch outcome {
        case .verdict: "ok"
        case .failure(let failure): failure.code.rawValue
        }
    }
}

extension AuditSource {
    static func text(_ path: String) -> AuditSource { AuditSource(RawPath(path)) }
}
