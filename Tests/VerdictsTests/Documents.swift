import Foundation
import Marks
import Models
import Verdicts

/// Documents with every member that they can have.
enum Documents {
    static let digest = String(repeating: "0f", count: 32)
    static let key = KeyIdentity(id: "a4b2e0aaf40f4ea7", name: "demo", pattern: "spread")
    static let model = ModelIdentity(name: "grove", path: "/models/grove", digest: digest)

    static let verdict = Verdict(
        path: "photos/a.png", sha256: digest, bytes: 18728, width: 128, height: 96, verdict: .watermarked, key: key,
        pValue: 4e-49, log10P: -48.4, cosine: 0.379, dimension: 1392, hypotheses: 3, look: 1,
        looks: [
            .init(
                decoderInversion: "none", steps: 0, view: "whole", search: "turned", key: key.id, log10P: -48.4,
                cosine: 0.379)
        ],
        looksPlanned: 5,
        placement: .init(
            tier: "turned", degrees: 36, isMirrored: false, width: 141, height: 141, shiftX: 0.1, shiftY: -0.2,
            corners: [[0.1, 0], [1, 0.1], [0.9, 1.2], [-0.1, 0.9]]),
        twoSided: false, fpr: 1e-6, decoyRank: 1, decoys: 10000,
        reference: .init(l1: 40.5, pValue: 0.01, note: "a note"),
        scores: [.init(key: key, pValue: 4e-49, log10P: -48.4, cosine: 0.379, dimension: 1392)],
        stages: [.init(stage: .diffusionInversion, method: "ddim", steps: 5, residual: 0.01, seconds: 0.1)],
        model: model, calibration: .init(digest: digest, images: 606),
        findings: [.init(code: .imageResampled, message: "it was", measured: 96, limit: 128)], seconds: 0.25,
        tool: "ringkey 0.1.0")

    /// A verdict with no member that can be absent.
    static let barest: Verdict = {
        var barest = verdict
        (barest.pValue, barest.log10P, barest.cosine, barest.decoyRank) = (nil, nil, nil, nil)
        (barest.looksPlanned, barest.placement) = (nil, nil)
        (barest.calibration, barest.looks, barest.findings, barest.stages) = (nil, [], [], [])
        barest.reference = .init()
        barest.scores = [.init(key: key, dimension: 1392)]
        barest.verdict = .undecided
        return barest
    }()

    static let failure = AuditFailure(path: "b.png", code: .damaged, expected: "an image", found: "half of one")

    static let header = AuditHeader(
        tool: "ringkey 0.1.0", created: "2026-01-01T00:00:00Z", model: model, keys: [key], settings: ["fpr": "1e-06"],
        shard: "1/2", command: ["ringkey", "audit"], folder: "/")

    /// A document as an object whose members can be changed.
    static func object(_ document: some Encodable) throws -> [String: Any] {
        let json = try JSONEncoder().encode(document)
        return try JSONSerialization.jsonObject(with: json) as? [String: Any] ?? [:]
    }
}
