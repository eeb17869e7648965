import Evaluation
import Testing

/// Thresholds at a false-positive rate, and what follows from them.
@Suite struct OperatingPointTests {
    /// Of 1000 negatives, 0.1 % is the one highest: nothing above it in the fit.
    @Test func thresholdIsTheKthHighest() {
        let negatives = (0..<1000).map(Double.init)
        #expect(OperatingPoint.threshold(rate: 0.001, negatives: negatives) == 999)
        #expect(OperatingPoint.threshold(rate: 0.01, negatives: negatives) == 990)
        #expect(OperatingPoint.threshold(rate: 0.0109, negatives: negatives) == 990)
    }

    @Test func nothingBelowOneInN() {
        let negatives = (0..<999).map(Double.init)
        #expect(OperatingPoint.threshold(rate: 0.001, negatives: negatives) == nil)
        #expect(OperatingPoint.threshold(rate: 0.01, negatives: []) == nil)
        let point = OperatingPoint(rate: 1e-4, fitting: negatives, positives: [5000], heldOut: [1])
        #expect(point.threshold == nil && point.truePositives == nil && point.falsePositives == nil)
        #expect(point.fittedOn == 999)
    }

    /// Ties with the threshold are not found: with all scores equal nothing is.
    @Test func tiesAreNotFound() {
        let point = OperatingPoint(
            rate: 0.5, fitting: [1, 1, 1, 1], positives: [1, 1, 2], heldOut: [1, 1, 1, 3, 0])
        #expect(point.threshold == 1)
        #expect(point.truePositives == Proportion(1, of: 3))
        #expect(point.falsePositives == Proportion(1, of: 5))
    }

    /// The promise k/(n+1): over many fits the mean rate on new negatives is at most that, and near it.
    @Test func fittedRateHoldsOnNewNegatives() throws {
        var generator = SeededGenerator(state: 7)
        var (found, tried) = (0, 0)
        for _ in 0..<400 {
            let scores = (0..<300).map { _ in Double.random(in: 0...1, using: &generator) }
            let point = OperatingPoint(
                rate: 0.05, fitting: Array(scores[..<100]), positives: [], heldOut: Array(scores[100...]))
            found += try #require(point.falsePositives).successes
            tried += 200
        }
        // The mean of 400 Beta(5, 96) has a standard deviation of 0.0011: 4.5 of them.
        #expect(abs(Double(found) / Double(tried) - 5.0 / 101) < 0.005)
    }

    /// The textbook's case: 1 % ill, 90 % of them found, 9 % of the others too.
    @Test func precisionAtAPrevalence() throws {
        let value = try #require(Precision.value(0.01, 0.9, 0.09))
        #expect(abs(value - 0.009 / 0.0981) < 1e-15)
        let precision = Precision(
            prevalence: 0.01, truePositives: Proportion(90, of: 100), falsePositives: Proportion(9, of: 100))
        #expect(precision.estimate == Precision.value(0.01, 0.9, 0.09))
        #expect(precision.interval.lower < 0.06 && precision.interval.upper > 0.15)
    }

    /// No false find among 200 leaves the precision open below: 1 is the estimate and not the lower end.
    @Test func noFalseFindIsNoProof() {
        let precision = Precision(
            prevalence: 0.001, truePositives: Proportion(200, of: 200), falsePositives: Proportion(0, of: 200))
        #expect(precision.estimate == 1 && precision.interval.upper == 1)
        #expect(precision.interval.lower < 0.05)
        let nothing = Precision(
            prevalence: 0.5, truePositives: Proportion(0, of: 9), falsePositives: Proportion(0, of: 9))
        #expect(nothing.estimate == nil && nothing.interval == Interval(lower: 0, upper: 1))
    }
}
