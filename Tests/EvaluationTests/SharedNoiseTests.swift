import Evaluation
import Foundation
import TestSupport
import Testing
import Verdicts

@Suite struct SharedNoiseTests {
    private func verdict(_ path: String, noise: Int, picture: UInt8, log10P: Double = -9) -> Verdict {
        var verdict = Samples.verdict(path, log10P: log10P)
        verdict.noiseSketch = NoiseSketch(
            family: "ring spread",
            noise: (0..<NoiseSketch.length).map { Int8(($0 * (2 * noise + 1) + noise) % 61 - 30) },
            picture: [UInt8](repeating: picture, count: NoiseSketch.pictureLength))
        return verdict
    }

    private func report(_ verdicts: [Verdict], labels: [String: Labels.Label]? = nil) throws -> Report {
        try Report(Samples.results(verdicts), labels: labels.map { Labels($0) }, settings: Samples.settings)
    }

    /// Of the parts that this is about: the samples' models have no real digests.
    private func violations(_ report: Report) throws -> [String] {
        try PublishedSchemas.violations(report.json()).filter { $0.contains("shared_noise") || $0.contains("forg") }
    }

    @Test func pairsAreFoundAndToldApart() throws {
        let report = try report([
            verdict("a.png", noise: 1, picture: 10), verdict("b.png", noise: 2, picture: 10),
            verdict("copy.png", noise: 1, picture: 90), verdict("again.png", noise: 1, picture: 12),
            Samples.verdict("clean.png", log10P: -1),
        ])
        let shared = try #require(report.sharedNoise)
        #expect(shared.compared == 4 && shared.pairs.count == 3)
        #expect(Set(shared.pairs.filter(\.isSamePicture).map { [$0.images.0, $0.images.1] }) == [[0, 3]])
        let page = report.markdown()
        #expect(page.contains("## Shared noise") && page.contains("copy.png") && page.contains("2 of them"))
        let json = try #require(try JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
        let document = try #require(json["shared_noise"] as? [String: Any])
        #expect(document["pairs_found"] as? Int == 3 && document["compared"] as? Int == 4)
        #expect(try violations(report) == [])
    }

    @Test func imagesOfOtherFamiliesAreNotCompared() throws {
        var other = verdict("b.png", noise: 1, picture: 10)
        other.noiseSketch = other.noiseSketch.map {
            NoiseSketch(family: "ring other", noise: $0.noise, picture: $0.picture)
        }
        let report = try report([verdict("a.png", noise: 1, picture: 10), other])
        #expect(report.sharedNoise?.pairs.isEmpty == true && !report.markdown().contains("Shared noise"))
    }

    @Test func forgeriesAreNeitherMarkedNorClean() throws {
        let report = try report(
            [
                verdict("a.png", noise: 1, picture: 10), verdict("copy.png", noise: 1, picture: 90),
                verdict("average.png", noise: 5, picture: 90), Samples.verdict("clean.png", log10P: -1),
            ],
            labels: [
                "a.png": .init(isMarked: true), "copy.png": .init(isMarked: false, isForged: true, group: "copy"),
                "average.png": .init(isMarked: false, isForged: true, group: "average:4"),
                "clean.png": .init(isMarked: false),
            ])
        let json = try #require(try JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
        let evaluation = try #require(json["evaluation"] as? [String: Any])
        let all = try #require(evaluation["all"] as? [String: Any])
        #expect((all["positives"] as? [String: Any])?["images"] as? Int == 1)
        #expect((all["negatives"] as? [String: Any])?["watermarked"] as? Int == 0)
        let groups = try #require((evaluation["forgeries"] as? [String: Any])?["groups"] as? [[String: Any]])
        #expect(groups.map { $0["name"] as? String } == ["copy", "average:4"])
        #expect(groups.map { $0["shared_noise"] as? Int } == [1, 0])
        #expect(try violations(report) == [])
        let page = report.markdown()
        #expect(page.contains("## Forgeries") && page.contains("| copy | 1 |"))
    }

    @Test(arguments: ["\"noise\":\"", "\"picture\":\""])
    func aTornSketchIsRefused(member: String) throws {
        let folder = try TemporaryFolder()
        let line = try JSONEncoder().encode(verdict("a.png", noise: 1, picture: 10))
        let text = try #require(String(data: line, encoding: .utf8))
        #expect(text.contains(member))
        let path = try folder.write(
            "r.jsonl", Data((text.replacingOccurrences(of: member, with: member + "AAAA") + "\n").utf8))
        #expect(refusalCode { try Results(contentsOf: [path]) } != nil)
    }
}
