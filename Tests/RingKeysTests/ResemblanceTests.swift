import Foundation
import Marks
import RingKeys
import Tensors
import TestSupport
import Testing

/// Conformal p-values of keys that were not drawn at random.
@Suite struct ResemblanceTests {
    private static let shape = LatentShape(channels: 2, height: 16, width: 16)

    private static func noise(_ seed: UInt64) -> Tensor { Tensor(normal: shape.tensorShape(), seed: seed) }

    private func score(_ noise: Tensor, _ key: RingKey) throws -> Double {
        let reader = RingReader(key.geometry)
        return try #require(reader.resemblance(noise, reading: try reader.read(noise), of: key))
    }

    /// A key of the reference; `const` has the value 20 everywhere.
    private func key(_ pattern: KeyGeometry.Pattern) throws -> RingKey {
        try RingKey(
            treeRing: pattern, noise: Self.noise(99), channel: 0, radius: 5,
            constant: pattern == .treeRingConst ? 20 : 0, name: "k")
    }

    @Test(arguments: [KeyGeometry.Pattern.treeRingZeros, .treeRingConst])
    func marksHaveMoreThanAnyOtherNoise(pattern: KeyGeometry.Pattern) throws {
        let key = try key(pattern)
        let null = try (0..<100).map { try score(Self.noise($0), key) }
        var marked = Self.noise(500)
        key.embed(into: &marked)
        let blurred = Tensor.combination((1, marked), (0.5, Self.noise(501)))
        let own = try score(blurred, key)
        #expect(own > null.max() ?? 0)
        // The scale of the noise says nothing.
        #expect(abs(try score(3 * blurred, key) - own) < 1e-5)
    }

    /// Of noise like that which was scored the p-value is uniform on its steps: 20 images, hence multiples of 1/21.
    @Test(arguments: [KeyGeometry.Pattern.treeRingZeros, .treeRingConst])
    func pIsUniform(pattern: KeyGeometry.Pattern) throws {
        let key = try key(pattern)
        let keys = KeySet([key])
        let scores = try (0..<2100).map { try score(Self.noise(1000 + $0), key) }
        let match = try keys.match(Self.noise(1), twoSided: false)[0]
        #expect(match.logPValue == nil && match.nullImages == nil)
        let steps = stride(from: 0, to: scores.count, by: 21).map { start -> Int in
            let p = match.conformal(score: scores[start], among: Array(scores[start + 1..<start + 21])).logPValue ?? 1
            return Int((exp(p) * 21).rounded())
        }
        #expect(steps.allSatisfy { (1...21).contains($0) })
        // 100 trials: the share at or below a third within four standard deviations.
        #expect(abs(Double(steps.count { $0 <= 7 }) / 100 - 1.0 / 3) < 0.19, "\(steps)")
    }

    @Test func equalPValuesAreRankedByTheExcess() throws {
        let match = try KeySet([key(.treeRingZeros)]).match(Self.noise(1), twoSided: false)[0]
        let null = [1.0, 2, 3]
        let (near, far, low) = (
            match.conformal(score: 4, among: null), match.conformal(score: 5, among: null),
            match.conformal(score: 3, among: null)
        )
        #expect(abs(exp(try #require(near.logPValue)) - 0.25) < 1e-12 && near.logPValue == far.logPValue)
        // A score that an unmarked image has too counts for that image.
        #expect(abs(exp(try #require(low.logPValue)) - 0.5) < 1e-12)
        #expect(near.nullImages == 3)
        #expect(far.logPValue == near.logPValue && far.excess > near.excess)
        #expect(try #require(near.logPValue) < #require(low.logPValue) && match.logPValue == nil)
    }
}
