import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct LevelledCosineTestTests {
    private struct Golden: Decodable {
        let weights: [Double]
        let unit: Double
        let levels: Int
        let norm: Double
        let dimension: Int
        let sum: Double
        let log: Double
    }

    /// Every outcome of the levels, with SciPy's incomplete beta function (Tests/Fixtures/Statistics/make_levelled.py).
    @Test func equalsSciPy() throws {
        let golden = try JSONDecoder().decode(
            [Golden].self, from: Data(contentsOf: Fixtures.url("Statistics/levelled.json")))
        #expect(golden.count > 20)
        for golden in golden {
            let test = LevelledCosineTest(
                weights: golden.weights, unit: golden.unit, levels: golden.levels, norm: golden.norm,
                dimension: golden.dimension)
            let found = test.logPValue(sum: golden.sum)
            let tolerance = 1e-8 * max(1, abs(golden.log))
            #expect(abs(found - golden.log) < tolerance, "\(found), \(golden.log) at \(golden.sum)")
            let both = test.logPValue(sum: -golden.sum, twoSided: true)
            if golden.sum > 0 { #expect(abs(both - min(0, golden.log + log(2))) < tolerance) }
        }
    }

    /// Without isotropic numbers it is the count of outcomes.
    @Test func levelsAloneAreCounted() {
        let test = LevelledCosineTest(weights: [3, 1, 2], unit: 0.5, levels: 2, norm: 0, dimension: 1)
        for (sum, expected) in [(3.0, 1.0), (2, 2), (1, 3), (0.9, 3), (0, 5), (-3, 8)] {
            #expect(abs(exp(test.logPValue(sum: sum)) - expected / 8) < 1e-12, "\(sum)")
        }
        #expect(test.logPValue(sum: 3.1) == -.infinity)
    }
}
