import Evaluation
import Foundation
import Marks
import TestSupport
import Testing
import Verdicts

@Suite struct IdentificationTests {
    /// A verdict of a ring: its best three keys by number, each of an owner or a name alone.
    private func verdict(_ path: String, _ best: [Int], isFound: Bool, owner: String? = nil) -> Verdict {
        var verdict = Samples.verdict(path, log10P: isFound ? -9 : -1)
        let identities = best.map { number in
            KeyIdentity(
                id: String(format: "%016x", number), name: "label-\(number)", pattern: "spread+pilot",
                owner: number == best[0] ? owner : nil)
        }
        verdict.key = identities[0]
        verdict.keysTried = 1000
        verdict.scores = identities.map {
            Verdict.Score(key: $0, pValue: verdict.pValue, log10P: verdict.log10P, cosine: 0.1, dimension: 1392)
        }
        return verdict
    }

    private func report(_ verdicts: [Verdict], _ labels: [String: Labels.Label]) throws -> Report {
        try Report(Samples.results(verdicts), labels: Labels(labels), settings: Samples.settings)
    }

    @Test func ownersAreNamedConfusedOrRejected() throws {
        let report = try report(
            [
                verdict("a", [1, 2, 3], isFound: true), verdict("b", [4, 2, 3], isFound: true, owner: "Ada"),
                verdict("c", [5, 6, 7], isFound: true), verdict("d", [8, 9, 10], isFound: false),
                verdict("e", [8, 2, 10], isFound: false), verdict("f", [11, 12, 13], isFound: false),
                verdict("g", [14, 15, 16], isFound: true), verdict("h", [17, 18, 19], isFound: false),
            ],
            [
                "a": .init(isMarked: true, key: "label-1"), "b": .init(isMarked: true, key: "Ada"),
                "c": .init(isMarked: true, key: "label-1"), "d": .init(isMarked: true, key: "label-9"),
                "e": .init(isMarked: true, key: "never-seen"), "f": .init(isMarked: false),
                "g": .init(isMarked: false, isForeign: true, key: "stranger"),
                "h": .init(isMarked: false, isForeign: true),
            ])
        let json = try #require(try JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
        let own = try #require((json["evaluation"] as? [String: Any])?["identification"] as? [String: Any])
        func counts(_ kind: String) -> [Int] {
            let outcomes = own[kind] as? [String: Any] ?? [:]
            return ["judged", "right", "confused", "rejected", "undecided"].map { outcomes[$0] as? Int ?? -1 }
        }
        #expect(counts("known") == [5, 2, 1, 2, 0])
        #expect(counts("foreign") == [2, 0, 1, 1, 0])
        #expect(counts("clean") == [1, 0, 0, 1, 0])
        // 2 of 5 by SciPy: binomtest(2, 5).proportion_ci(method="wilson").
        let wilson = (own["known"] as? [String: Any])?["identification_wilson"] as? [String: Double]
        #expect(abs((wilson?["lower"] ?? 0) - 0.11762077) < 1e-7 && abs((wilson?["upper"] ?? 0) - 0.76927572) < 1e-7)
        #expect((own["best"] as? [String: Any])?["successes"] as? Int == 2)
        #expect((own["among_best"] as? [String: Any])?["successes"] as? Int == 3)
        let confusions = own["confusions"] as? [[String: Any]]
        #expect(confusions?.count == 1 && confusions?[0]["carried"] as? String == "label-1")
        #expect(confusions?[0]["named"] as? String == "label-5")
        #expect(try PublishedSchemas.violations(report.json()).filter { $0.contains("identification") } == [])
        let page = report.markdown()
        #expect(page.contains("## Whose mark") && page.contains("| label-1 | label-5 | 1 |"))
        // Foreign images are neither marked nor clean.
        let all = (json["evaluation"] as? [String: Any])?["all"] as? [String: Any]
        #expect((all?["positives"] as? [String: Any])?["images"] as? Int == 5)
        #expect((all?["negatives"] as? [String: Any])?["images"] as? Int == 1)
    }

    /// Where all keys have a score, a label's key without one was not looked for.
    @Test func aKeyThatWasNotLookedForIsForeign() throws {
        let report = try report(
            [Samples.verdict("a", log10P: -9), Samples.verdict("b", log10P: -1)],
            ["a": .init(isMarked: true, key: "demo"), "b": .init(isMarked: true, key: "elsewhere")])
        let page = report.markdown()
        #expect(page.contains("| a key that was looked for | 1 | 1 |"))
        #expect(page.contains("| a key that was not looked for | 1 | 0 | 0 | 1 |"))
    }

    /// A table of many owners has the first ones and the rest in one row; a confusion matrix of them there is none.
    @Test func manyOwnersHaveNoTableEach() throws {
        let verdicts = (0..<60).map { verdict("i\($0)", [100 + $0 / 2, 500, 501], isFound: true) }
        let report = try report(verdicts, ["i0": .init(isMarked: true, key: "label-100")])
        let page = report.markdown()
        #expect(page.contains("| label-100 |") && page.contains("| 10 others |"))
        #expect(!page.contains("Confusion matrix"))
    }
}
