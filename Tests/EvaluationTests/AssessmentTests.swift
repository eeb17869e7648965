import Evaluation
import Foundation
import InputErrors
import TestSupport
import Testing
import Verdicts

/// From labelled results to figures.
@Suite struct AssessmentTests {
    /// The golden scores as verdicts: the report's area is scikit-learn's, its interval DeLong's definition.
    @Test(arguments: try StatisticsGolden.load().curves.filter { $0.positives.allSatisfy { $0 >= 0 } })
    func areaOfAReportEqualsScikitLearn(_ golden: StatisticsGolden.Curve) throws {
        // Scores are -log10 p and cannot be below 0 in a verdict: moved up, which changes no rank.
        let shift = 10.0
        let marked = golden.positives.enumerated().map { Samples.verdict("p\($0)", log10P: -($1 + shift)) }
        let clean = golden.negatives.enumerated().map { Samples.verdict("n\($0)", log10P: -($1 + shift)) }
        let report = try Report(
            positives: Samples.results(marked), negatives: Samples.results(clean), settings: Samples.settings)
        let score = try #require(report.assessment?.all.score)
        #expect(abs(score.auc - golden.auc) < 1e-13)
        #expect(score.positives == marked.count && score.negatives == clean.count)
        #expect((score.aucInterval == nil) == (golden.interval == nil))
        if let interval = score.aucInterval, let expected = golden.interval {
            expectClose([interval.lower, interval.upper], expected, absolute: 1e-7)
        }
    }

    private func labelled(
        _ images: [(verdict: Verdict, label: Labels.Label)], prevalence: Double? = nil
    ) throws -> Assessment {
        var settings = Samples.settings
        settings.prevalence = prevalence
        let labels = Labels(Dictionary(uniqueKeysWithValues: images.map { ($0.verdict.path, $0.label) }))
        let report = try Report(Samples.results(images.map(\.verdict)), labels: labels, settings: settings)
        return try #require(report.assessment)
    }

    /// Thresholds come from one half of the clean images by SHA-256; the report's counts are those of the other half.
    @Test func thresholdsAreFittedOnTheOtherHalf() throws {
        // Digests ascend with the index: the first 100 are for fitting and score 1 ... 1.99, the others 3.
        let clean = (0..<200).map { index in
            (
                Samples.verdict("n\(index)", log10P: index < 100 ? -1 - Double(index) / 100 : -3, digest: index),
                Labels.Label(isMarked: false)
            )
        }
        let marked = (0..<50).map {
            (Samples.verdict("p\($0)", log10P: $0 < 40 ? -8 : -1.985), Labels.Label(isMarked: true))
        }
        let assessment = try labelled((clean + marked).shuffled())
        let points = try #require(assessment.all.score?.operatingPoints)
        #expect(points.map(\.rate) == [0.01, 0.001, 1e-4, 1e-6] && points.allSatisfy { $0.fittedOn == 100 })
        #expect(abs(try #require(points[0].threshold) - 1.99) < 1e-12)
        #expect(points[0].truePositives == Proportion(40, of: 50))
        #expect(points[0].falsePositives == Proportion(100, of: 100))
        #expect(points[1...].allSatisfy { $0.threshold == nil && $0.truePositives == nil })
        let exact = assessment.all.parametric
        #expect(exact.map(\.truePositives) == [50, 40, 40, 40].map { Proportion($0 == 50 ? 40 : $0, of: 50) })
        #expect(exact[0].falsePositives == Proportion(100, of: 200))
        #expect(exact[3].falsePositives == Proportion(0, of: 200))
        #expect(assessment.all.positives.found == Proportion(40, of: 50))
    }

    @Test func groupsHaveTheirOwnCleanImagesOrBorrowThem() throws {
        func image(_ path: String, _ p: Double, _ isMarked: Bool, _ group: String?) -> (Verdict, Labels.Label) {
            (Samples.verdict(path, log10P: p), .init(isMarked: isMarked, group: group))
        }
        let assessment = try labelled([
            image("a", -9, true, "jpeg"), image("b", -2, true, "blur"), image("c", -1, false, nil),
            image("d", -3, false, "blur"), image("e", -8, true, "jpeg"), image("f", -7, true, nil),
        ])
        #expect(assessment.groups.map(\.name) == ["jpeg", "blur", nil])
        #expect(assessment.groups.map(\.borrowsNegatives) == [true, false, false])
        #expect(assessment.groups.map { $0.score?.auc } == [1, 0, 1])
        #expect(assessment.groups.map(\.negatives.images) == [1, 1, 1])
        #expect(assessment.all.score?.positives == 4 && assessment.all.score?.negatives == 2)
        #expect(try labelled([image("a", -9, true, nil), image("c", -1, false, nil)]).groups.isEmpty)
    }

    /// Failures and keys without a p-value are counted, and are in no rate.
    @Test func whatHasNoScoreIsCounted() throws {
        let results = try Samples.results([
            Samples.verdict("p", log10P: -9), Samples.verdict("n", log10P: -1),
            Samples.verdict("x", log10P: nil, decision: .undecided, l1: 30),
            Samples.verdict("y", log10P: nil, decision: .undecided, l1: 50), Samples.failure("q"),
        ])
        let labels = Labels([
            "p": .init(isMarked: true), "n": .init(isMarked: false), "x": .init(isMarked: true),
            "y": .init(isMarked: false), "q": .init(isMarked: true),
        ])
        let report = try Report(results, labels: labels, settings: Samples.settings)
        let all = try #require(report.assessment?.all)
        #expect(all.positives.images == 3 && all.positives.failed == 1 && all.positives.withoutScore == 1)
        #expect(all.score?.positives == 1 && all.score?.negatives == 1)
        #expect(all.positives.found == Proportion(1, of: 2))
        #expect(all.parametric[0].truePositives == Proportion(1, of: 1))
        #expect(report.html().contains("1 marked could not be judged and 1 marked have no p-value"))
        #expect(report.summary.expectedFalsePositives == 2e-6)
    }

    /// With a key that has no p-value at all, the reference's figures still get their curve.
    @Test func theReferenceAlone() throws {
        let assessment = try labelled(
            (0..<10).map {
                (
                    Samples.verdict("\($0)", log10P: nil, decision: .undecided, l1: $0 < 5 ? 30 : 50),
                    .init(isMarked: $0 < 5)
                )
            })
        #expect(assessment.all.score == nil)
        let comparison = try #require(assessment.all.comparisons.first)
        #expect(comparison.ours == nil && comparison.reference.measure == .referenceL1 && comparison.reference.auc == 1)
    }

    /// Ours and the reference's on the images that have both; lower L1 is a match.
    @Test func comparisonIsOnTheSameImages() throws {
        let golden = try StatisticsGolden.load()
        let first = try #require(golden.curves.first)
        func images(_ ours: [Double], _ theirs: [Double], _ name: String, marked: Bool) -> [(Verdict, Labels.Label)] {
            zip(ours, theirs).enumerated().map {
                (
                    Samples.verdict("\(name)\($0)", log10P: -($1.0 + 10), l1: 50 - $1.1),
                    .init(isMarked: marked)
                )
            }
        }
        let more: [(Verdict, Labels.Label)] = [
            (Samples.verdict("without", log10P: -1), .init(isMarked: true))
        ]
        let assessment = try labelled(
            images(first.positives, golden.paired.positives, "p", marked: true)
                + images(first.negatives, golden.paired.negatives, "n", marked: false) + more)
        #expect(assessment.all.score?.positives == first.positives.count + 1)
        let comparison = try #require(assessment.all.comparisons.first)
        #expect(comparison.ours?.positives == first.positives.count)
        #expect(abs(try #require(comparison.ours?.auc) - first.auc) < 1e-13)
        #expect(abs(try #require(comparison.difference?.difference) - golden.paired.difference) < 1e-13)
        #expect(abs(try #require(comparison.difference?.pValue) - golden.paired.p) < 1e-10)
        #expect(assessment.all.comparisons.map(\.reference.measure) == [.referenceL1, .referenceP])
    }

    @Test func confusionByNameAndFingerprint() throws {
        func image(_ path: String, _ p: Double, key: Int, _ label: Labels.Label) -> (Verdict, Labels.Label) {
            (Samples.verdict(path, log10P: p, key: key, keysTried: 2), label)
        }
        let assessment = try labelled([
            image("a", -9, key: 0, .init(isMarked: true, key: "demo")),
            image("b", -9, key: 1, .init(isMarked: true, key: "a4b2e0aaf40f4ea7")),
            image("c", -2, key: 0, .init(isMarked: true, key: "demo")),
            image("d", -9, key: 1, .init(isMarked: true, key: "other")),
            image("e", -2, key: 1, .init(isMarked: true, key: "nobody's")),
            image("f", -2, key: 1, .init(isMarked: false)), image("g", -9, key: 1, .init(isMarked: false)),
        ])
        let matrix = try #require(assessment.confusion)
        #expect(matrix.rows.map(\.truth) == [.key(0), .key(1), .other("nobody's"), .clean])
        #expect(matrix.rows.map(\.found) == [[1, 1], [0, 1], [0, 0], [0, 1]])
        #expect(matrix.rows.map(\.notFound) == [1, 0, 1, 1])
        #expect(matrix.rows.map(\.right) == [(1, 3), (1, 1), (1, 1), (1, 2)].map { Proportion($0, of: $1) })
        #expect(matrix.rows[0].nearest == Proportion(2, of: 3) && matrix.rows[3].nearest == nil)
    }

    @Test func labelsThatFitNothingAreRefused() throws {
        let results = try Samples.results([Samples.verdict("images/a.png", log10P: -9)])
        let error = try #require(
            #expect(throws: InputError.self) {
                try Report(results, labels: Labels(["a.png": .init(isMarked: true)]), settings: Samples.settings)
            })
        #expect(error.code == .labels)
        #expect("\(error)".contains("images/a.png") && "\(error)".contains("no path in common, such as a.png"))
    }

    /// The same relative path may be another file in another folder, but one file cannot be both.
    @Test func positivesAndNegativesMustBeDifferentFiles() throws {
        let one = try Samples.results([Samples.verdict("a", log10P: -9, digest: 1)])
        let other = try Samples.results([Samples.verdict("a", log10P: -1, key: 1, digest: 2)])
        let report = try Report(positives: one, negatives: other, settings: Samples.settings)
        #expect(report.assessment?.all.score?.auc == 1)
        #expect(report.results.keys.map(\.name) == ["demo", "other"])
        #expect(report.results.images.compactMap(\.judgement).map(\.key) == [0, 1])
        let error = #expect(throws: InputError.self) {
            try Report(positives: one, negatives: one, settings: Samples.settings)
        }
        #expect(error?.code == .labels && error?.subject == "a")
    }
}
