import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct CosineTestTests {
    private struct Case: Decodable {
        let dimension: Int
        let cosine: Double
        let log10: Double
        let log10Negative: Double
    }

    private static let ln10 = 2.302585092994045684

    /// Against mpmath at 60 digits, 2 to 20,001 dimensions, down to 1e-5000.
    @Test func matchesMpmath() throws {
        let cases = try JSONDecoder().decode(
            [Case].self, from: Data(contentsOf: Fixtures.url("RingKeys/Native/cosine.json")))
        #expect(cases.count > 100)
        #expect(cases.contains { $0.log10 < -300 })
        for golden in cases {
            let name = "d = \(golden.dimension), c = \(golden.cosine)"
            let logP = CosineTest.logPValue(cosine: golden.cosine, dimension: golden.dimension)
            // 1e-10 relative in p is 1e-10 absolute in ln p; of a p of 1e-5000 a Double's logarithm keeps 2e-12.
            #expect(abs(logP - golden.log10 * Self.ln10) < 1e-10, "\(name): \(logP / Self.ln10), \(golden.log10)")
            let two = CosineTest.logPValue(cosine: golden.cosine, dimension: golden.dimension, twoSided: true)
            #expect(abs(two - golden.log10 * Self.ln10 - log(2)) < 1e-10, "\(name), two-sided")
            #expect(
                CosineTest.logPValue(cosine: -golden.cosine, dimension: golden.dimension, twoSided: true) == two)
            let negative = CosineTest.logPValue(cosine: -golden.cosine, dimension: golden.dimension)
            #expect(
                abs(negative - golden.log10Negative * Self.ln10) < 1e-10 * abs(negative) + 1e-16, "\(name), negative")
        }
    }

    /// d = 2: the angle is uniform. d = 3: the cosine is (Archimedes).
    @Test(arguments: [-1.0, -0.999, -0.5, -1e-8, 0, 1e-8, 0.3, 0.77, 0.999999])
    func smallDimensions(cosine: Double) {
        let two = exp(CosineTest.logPValue(cosine: cosine, dimension: 2))
        #expect(abs(two - acos(cosine) / Double.pi) < 1e-10)
        let three = exp(CosineTest.logPValue(cosine: cosine, dimension: 3))
        #expect(abs(three - (1 - cosine) / 2) < 1e-10)
    }

    @Test func edges() {
        // One number agrees in sign or does not.
        #expect(CosineTest.logPValue(cosine: 1, dimension: 1) == log(0.5))
        #expect(CosineTest.logPValue(cosine: -1, dimension: 1) == 0)
        #expect(CosineTest.logPValue(cosine: -1, dimension: 1, twoSided: true) == 0)
        for dimension in [2, 3, 11, 1392] {
            #expect(abs(CosineTest.logPValue(cosine: 0, dimension: dimension) - log(0.5)) < 1e-15)
            #expect(CosineTest.logPValue(cosine: 0, dimension: dimension, twoSided: true) == 0)
            #expect(CosineTest.logPValue(cosine: 1, dimension: dimension) == -.infinity)
            #expect(CosineTest.logPValue(cosine: 1 + 1e-15, dimension: dimension) == -.infinity)
            #expect(CosineTest.logPValue(cosine: -1, dimension: dimension) == 0)
        }
    }

    @Test(arguments: [2, 5, 44, 1392, 100_000])
    func fallsWithTheCosine(dimension: Int) {
        let logs = stride(from: -0.999, through: 0.999, by: 0.0005).map {
            CosineTest.logPValue(cosine: $0, dimension: dimension)
        }
        #expect(zip(logs, logs.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(logs.allSatisfy { $0 <= 0 && !$0.isNaN })
    }
}
