import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct WeightedSignTestTests {
    /// Every outcome of few signs, counted.
    @Test(arguments: [
        [1], [1, 1, 1], [0, 2, 2, 4], [1, 2, 3, 5, 7, 7], [3, 0, 6, 9, 9], [15, 1, 1, 1, 4, 11, 13, 2, 2, 8, 8, 8, 15],
    ])
    func countsEveryOutcome(weights: [Int]) {
        let test = WeightedSignTest(weights: weights.map(Double.init))
        let total = weights.reduce(0, +)
        let sums = (0..<1 << weights.count).map { outcome in
            weights.indices.reduce(0) { $0 + (outcome >> $1 & 1 == 1 ? weights[$1] : -weights[$1]) }
        }
        for sum in -total...total {
            let expected = Double(sums.count { $0 >= sum }) / Double(sums.count)
            let found = exp(test.logPValue(sum: sum))
            #expect(abs(found - expected) < 1e-9 * max(expected, 1e-6), "\(weights) at \(sum): \(found), \(expected)")
            let both = Double(sums.count { abs($0) >= abs(sum) }) / Double(sums.count)
            #expect(abs(exp(test.logPValue(sum: sum, twoSided: true)) - both) < 1e-9)
        }
    }

    private struct Golden: Decodable {
        let counts: [Int]
        let sum: Int
        let log: Double
    }

    /// Convolved with whole numbers by Python (Tests/Fixtures/Statistics/make_weighted_signs.py), down to 1e-4900.
    @Test func agreesWithExactConvolution() throws {
        let data = try Data(contentsOf: Fixtures.url("Statistics/weighted_signs.json"))
        let cases = try JSONDecoder().decode([Golden].self, from: data)
        #expect(cases.count > 30)
        for golden in cases {
            let found = WeightedSignTest(counts: golden.counts).logPValue(sum: golden.sum)
            #expect(
                abs(found - golden.log) < 1e-9 * max(1, abs(golden.log)),
                "\(golden.counts) \(golden.sum): \(found) \(golden.log)")
        }
    }

    @Test func largeReadingsHaveTheirLimits() {
        let test = WeightedSignTest(counts: [0, 16_384])
        #expect(test.logPValue(sum: -16_384) == 0)
        #expect(abs(test.logPValue(sum: 16_384) + 16_384 * log(2)) < 1e-6)
        #expect(WeightedSignTest(counts: [5]).logPValue(sum: 0) == 0)
    }
}
