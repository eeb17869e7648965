import Foundation
import InputErrors
import KeyDocuments
import RingKeys
import Statistics
import TensorFiles
import Tensors
import Testing

@Suite struct ReferencePublishedScoreTests {
    private struct Figures: Decodable {
        let l1: Double
        let p: Double
    }

    private struct Case: Decodable {
        let name: String
        let pattern: String
        let channel: Int
        let radius: Int
        let host: Figures
        let marked: Figures
        let recovered: Figures
    }

    private struct Probability: Decodable {
        let x: Double
        let degrees: Double
        let noncentrality: Double
        let cdf: Double
    }

    /// Against sums in 60 digits, from 1e-300 to 1. The largest logarithms in a term are 5e4, which leaves 1e-11.
    @Test func noncentralChiSquaredIsExact() throws {
        let cases = try ReferenceFixtures.decode([Probability].self, "ncx2.json")
        #expect(cases.count > 70)
        for expected in cases {
            let found = NoncentralChiSquaredDistribution.cdf(
                expected.x, degrees: expected.degrees, noncentrality: expected.noncentrality)
            #expect(
                abs(found / expected.cdf - 1) < 1e-9,
                "x \(expected.x), n \(expected.degrees), λ \(expected.noncentrality): \(found), not \(expected.cdf)")
        }
    }

    @Test func noncentralChiSquaredHasItsLimits() {
        typealias Distribution = NoncentralChiSquaredDistribution
        #expect(Distribution.cdf(0, degrees: 4, noncentrality: 3) == 0)
        #expect(Distribution.cdf(1e6, degrees: 4, noncentrality: 3) == 1)
        // Two degrees, λ = 0: 1 - e^{-x/2}.
        #expect(abs(Distribution.cdf(3, degrees: 2, noncentrality: 0) - (1 - exp(-1.5))) < 1e-14)
        // Below the smallest Double, but not without a logarithm.
        #expect(Distribution.cdf(300, degrees: 634, noncentrality: 1e4) == 0)
        let logarithm = Distribution.logCDF(300, degrees: 634, noncentrality: 1e4)
        #expect(logarithm.isFinite && logarithm < -4000, "\(logarithm)")
    }

    @Test func equalsNumPyAndSciPy() throws {
        let cases = try ReferenceFixtures.decode([Case].self, "legacy.json")
        #expect(cases.count == 12)
        for expected in cases {
            let key = try ReferencePatternTests.key(
                expected.name, expected.pattern, expected.channel, expected.radius)
            for (label, figures) in [
                ("host", expected.host), ("marked", expected.marked), ("recovered", expected.recovered),
            ] {
                let isHost = label == "host"
                let file = isHost ? "\(expected.name)_host.npy" : "\(expected.name)_\(expected.pattern)_\(label).npy"
                let score = try key.publishedScore(ReferenceFixtures.latent(file))
                // Single-precision spectra; where a coefficient agrees with the key, its difference is all rounding.
                #expect(
                    abs(score.distance - figures.l1) < 2e-5 * max(1, figures.l1),
                    "\(file): \(score.distance), \(figures.l1)")
                guard expected.pattern != "zeros" else {
                    #expect(score.pValue == nil)
                    #expect(score.reason?.contains("zero") == true)
                    continue
                }
                // The statistic's rounding of 1e-6 counts for as much as the tail is steep: ln p of -1000 moves by 1e-3.
                let p = try #require(score.pValue)
                guard figures.p > 0 else {
                    #expect(p < 1e-300, "\(file), \(expected.pattern): \(p)")
                    continue
                }
                let tolerance = 1e-4 + 1e-6 * abs(log(figures.p))
                #expect(abs(log(p) - log(figures.p)) < tolerance, "\(file), \(expected.pattern): \(p), \(figures.p)")
                #expect(score.reason == nil)
            }
        }
    }

    @Test func refusesNaNAndHasNoPForAConstantLatent() throws {
        let key = try ReferencePatternTests.key("even", "ring", 1, 5)
        var latent = try ReferenceFixtures.latent("even_host.npy")
        let still = try key.publishedScore(Tensor(zeros: latent.shape))
        #expect(still.pValue == nil)
        #expect(still.reason != nil)
        latent.withUnsafeMutableBufferPointer { $0[700] = .nan }
        let error = #expect(throws: InputError.self) { try RingReader(key.geometry).read(latent) }
        #expect(error?.code == .notFinite)
    }

    /// Native keys are scored against what they put into the spectrum.
    @Test func scoresNativeKeys() throws {
        let shape = LatentShape(channels: 2, height: 20, width: 26)
        let secret = Secret.random()
        for pattern in [KeyGeometry.Pattern.ring, .spread] {
            let key = RingKey(
                name: "native",
                geometry: try KeyGeometry(pattern: pattern, radius: 5, channels: [0, 1], latentShape: shape),
                secret: secret)
            var noise = Tensor(normal: shape.tensorShape(), seed: 4)
            let before = try key.publishedScore(noise)
            key.embed(into: &noise)
            let after = try key.publishedScore(noise)
            // A native key loses nothing in the real part: all that is left is rounding of numbers of order 30.
            #expect(after.distance < 1e-4, "\(after.distance)")
            #expect(before.distance > 10, "\(before.distance)")
            #expect(try #require(after.pValue) < 1e-10)
        }
    }

    /// White noise and fresh keys, 64 × 64, radius 10: the p-value rejects too rarely for `ring`, too often for `rand`.
    @Test func pValueIsNotCalibrated() throws {
        func rates(_ pattern: KeyGeometry.Pattern, trials: Int) throws -> [Double] {
            let probabilities = try (0..<trials).map { trial in
                let key = try ReferenceTrials.key(pattern, size: 64, radius: 10, seed: 10_000 + UInt64(trial))
                let latent = Tensor(normal: [1, 1, 64, 64], seed: 90_000 + UInt64(trial))
                return try #require(try key.publishedScore(latent).pValue)
            }
            return [0.1, 0.01, 0.001].map { level in Double(probabilities.count { $0 < level }) / Double(trials) }
        }
        let ring = try rates(.treeRingRing, trials: 1600)
        let rand = try rates(.treeRingRand, trials: 4000)
        // docs/reference-keys.md: 0.0025 and 0.0248 at 0.01, 0.0005 and 0.0037 at 0.001. Four standard errors at 0.01
        // are 0.005 and 0.0098, which leave the nominal rate outside; three at 0.001 do for `rand`.
        #expect(abs(ring[1] - 0.0025) < 0.005, "ring \(ring)")
        #expect(abs(rand[1] - 0.0248) < 0.0098, "rand \(rand)")
        #expect(ring[2] < 0.0025, "ring \(ring)")
        #expect((0.00105...0.0066).contains(rand[2]), "rand \(rand)")
        #expect(ring[0] < 0.08 && rand[0] > 0.1, "ring \(ring), rand \(rand)")
    }

    /// For zeros the statistic Σ|F|²/σ² is n - 1 plus the mean's share: never less, so p stays about a half.
    @Test func zerosNeverReject() throws {
        let n = 2.0 * 317
        let floor = NoncentralChiSquaredDistribution.cdf(n - 1, degrees: n, noncentrality: 0)
        #expect(floor > 0.49)
        let key = try ReferenceTrials.key(.treeRingZeros, size: 64, radius: 10, seed: 1)
        let latent = Tensor(normal: [1, 1, 64, 64], seed: 2)
        #expect(try key.publishedScore(latent).pValue == nil)
    }
}
