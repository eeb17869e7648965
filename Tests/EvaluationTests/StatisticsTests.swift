import Evaluation
import Foundation
import InputErrors
import TestSupport
import Testing

/// Curves, areas and intervals against scikit-learn, SciPy and DeLong's definition.
@Suite struct StatisticsTests {
    /// Counts over counts: the same divisions, so equal to the last bit or the one before.
    @Test(arguments: try StatisticsGolden.load().curves) func curvesEqualScikitLearn(
        _ golden: StatisticsGolden.Curve
    ) throws {
        let curve = try ROCCurve(positives: golden.positives, negatives: golden.negatives)
        expectClose(curve.points.map { curve.falsePositiveRate($0) }, golden.fpr, absolute: 1e-15, "FPR")
        expectClose(curve.points.map { curve.truePositiveRate($0) }, golden.tpr, absolute: 1e-15, "TPR")
        #expect(curve.points.first?.threshold == .infinity)
        #expect(curve.points.dropFirst().map(\.threshold) == golden.thresholds)
    }

    /// Sums of at most a hundred numbers of size 1: 1e-13 is a hundred roundings.
    @Test(arguments: try StatisticsGolden.load().curves) func areasEqualTheirDefinition(
        _ golden: StatisticsGolden.Curve
    ) throws {
        let area = DeLong(positives: golden.positives, negatives: golden.negatives)
        #expect(abs(area.auc - golden.auc) < 1e-13)
        #expect((area.variance == nil) == (golden.variance == nil))
        if let variance = area.variance, let expected = golden.variance {
            #expect(abs(variance - expected) < 1e-13)
        }
        #expect((area.interval == nil) == (golden.interval == nil))
        if let interval = area.interval, let expected = golden.interval {
            expectClose([interval.lower, interval.upper], expected, absolute: 1e-7, "interval")
        }
    }

    @Test func differenceOfTwoScoresOnTheSameImages() throws {
        let golden = try StatisticsGolden.load()
        #expect(golden.curves.count == 8)
        let first = try #require(golden.curves.first)
        let ours = DeLong(positives: first.positives, negatives: first.negatives)
        let theirs = DeLong(positives: golden.paired.positives, negatives: golden.paired.negatives)
        let difference = try #require(ours.difference(to: theirs))
        #expect(abs(difference.difference - golden.paired.difference) < 1e-13)
        let reach = 1.959963984540054 * golden.paired.deviation
        expectClose(
            [difference.interval.lower, difference.interval.upper],
            [golden.paired.difference - reach, golden.paired.difference + reach], absolute: 1e-12)
        #expect(abs(try #require(difference.pValue) - golden.paired.p) < 1e-12)
        let same = try #require(ours.difference(to: ours))
        #expect(same.difference == 0 && same.pValue == nil)
    }

    /// The fast algorithm against a count of all pairs, on sizes and ties that no fixture holds.
    @Test func areaIsTheCountOfPairs() {
        var generator = SeededGenerator(state: 20140421)
        for _ in 0..<50 {
            let positives = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                Double(Int.random(in: 0...9, using: &generator))
            }
            let negatives = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                Double(Int.random(in: 0...9, using: &generator)) - 2
            }
            let pairs = positives.flatMap { p in negatives.map { p > $0 ? 1 : p == $0 ? 0.5 : 0 } }
            let expected = pairs.reduce(0, +) / Double(pairs.count)
            #expect(abs(DeLong(positives: positives, negatives: negatives).auc - expected) < 1e-12)
        }
    }

    /// lgamma of a million loses eight digits of sixteen.
    @Test func intervalsEqualSciPy() throws {
        let intervals = try StatisticsGolden.load().intervals
        #expect(intervals.count == 10)
        for golden in intervals {
            let proportion = Proportion(golden.successes, of: golden.trials)
            let name = "\(golden.successes) of \(golden.trials)"
            for (interval, expected) in [
                (proportion.exactInterval(), golden.exact), (proportion.exactInterval(confidence: 0.975), golden.wide),
                (proportion.wilsonInterval, golden.wilson),
            ] {
                expectClose([interval.lower], [expected[0]], relative: 1e-8, absolute: 1e-15, "\(name) lower")
                expectClose([interval.upper], [expected[1]], relative: 1e-8, "\(name) upper")
            }
        }
    }

    @Test func noTrialsSayNothing() {
        let nothing = Proportion(0, of: 0)
        #expect(nothing.estimate == nil)
        #expect(nothing.exactInterval() == Interval(lower: 0, upper: 1))
        #expect(nothing.wilsonInterval == Interval(lower: 0, upper: 1))
    }

    @Test func notANumberIsNoScore() {
        for (positives, negatives) in [([1, .nan], [0]), ([1], [.nan])] as [([Double], [Double])] {
            let error = #expect(throws: InputError.self) { try ROCCurve(positives: positives, negatives: negatives) }
            #expect(error?.code == .notFinite)
        }
    }
}

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
