import Foundation
import InputErrors
import NullModels
import RingKeys
import Tensors
import TestSupport
import Testing

@Suite struct NoiseLikenessTests {
    private static let shape = [1, 4, 64, 64]

    @Test func noiseHasTheFiguresOfNoise() throws {
        let likeness = try NoiseLikeness(Tensor(normal: Self.shape, seed: 1))
        // Five standard errors of 16,384 normals, of 4096 for a channel's mean, of 4 · 193 low frequencies.
        #expect(abs(likeness.channelMean) < 5.0 / 64)
        #expect(abs(likeness.standardDeviation - 1) < 0.03)
        #expect(abs(likeness.excessKurtosis) < 0.2)
        #expect(abs(likeness.neighbourCorrelation) < 0.04)
        #expect(abs(likeness.lowFrequencyDensity - 1) < 0.26)
        #expect(likeness.objection() == nil)
    }

    @Test(arguments: [KeyGeometry.Pattern.ring, .spread])
    func markedNoiseIsNoise(pattern: KeyGeometry.Pattern) throws {
        for seed in 1...50 {
            let key = try NativeFixtures.key(pattern, channels: [0, 1, 2, 3], seed: UInt64(seed))
            var latent = Tensor(normal: Self.shape, seed: UInt64(seed))
            key.embed(into: &latent)
            #expect(try NoiseLikeness(latent).objection() == nil)
        }
    }

    /// Against figures worked out by hand: one channel with two values in the columns of each half.
    @Test func figuresOfAStep() throws {
        let elements = (0..<64).map { Float($0 % 8 < 4 ? 1 : -1) }
        let likeness = try NoiseLikeness(Tensor(elements, shape: [1, 1, 8, 8]))
        #expect(likeness.channelMean == 0)
        #expect(likeness.standardDeviation == 1)
        #expect(likeness.excessKurtosis == -2)
        // Six of seven right neighbours and all lower ones agree: (5/7 + 1)/2.
        #expect(abs(likeness.neighbourCorrelation - 6.0 / 7) < 1e-12)
    }

    /// What is no noise is called so, by the figure that shows it.
    @Test func picturesAreNotNoise() throws {
        let smooth = (0..<4 * 4096).map { i -> Float in
            let (y, x) = (Double(i % 4096 / 64) / 64, Double(i % 64) / 64)
            return Float(sin(2 * Double.pi * y) + cos(4 * Double.pi * x))
        }
        let spikes = (0..<4 * 4096).map { Float($0 % 997 == 0 ? 30 : 0) }
        let noise = Tensor(normal: Self.shape, seed: 1).elements
        let (loud, quiet, bright) = (noise.map { $0 * 4 }, noise.map { $0 / 8 }, noise.map { $0 + 1 })
        let hazy = zip(smooth, noise).map { $0 + $1 / 2 }
        let nothing = [Float](repeating: 0, count: 16384)
        let rows: [(elements: [Float], named: String)] = [
            (smooth, "neighbours"), (hazy, "density"), (spikes, "kurtosis"), (loud, "deviation"), (quiet, "deviation"),
            (bright, "mean"),
            (nothing, "deviation"),
        ]
        for (elements, named) in rows {
            let objection = try NoiseLikeness(Tensor(elements, shape: Self.shape)).objection()
            let found = try #require(objection, "no objection, expected \(named)")
            #expect(found.message.contains(named), "\(found.message)")
            #expect(found.measured.isFinite)
        }
    }

    /// A box blur of 3 × 3: power gathers at low frequencies, and neighbours have six of nine terms in common.
    @Test func blurShows() throws {
        let noise = Tensor(normal: Self.shape, seed: 4).elements
        let blurred = (0..<noise.count).map { i -> Float in
            let (channel, y, x) = (i / 4096, i % 4096 / 64, i % 64)
            var sum: Float = 0
            for dy in 63...65 {
                for dx in 63...65 { sum += noise[channel * 4096 + (y + dy) % 64 * 64 + (x + dx) % 64] }
            }
            return sum / 3
        }
        let likeness = try NoiseLikeness(Tensor(blurred, shape: Self.shape))
        #expect(abs(likeness.neighbourCorrelation - 2.0 / 3) < 0.05)
        #expect((5...9).contains(likeness.lowFrequencyDensity), "\(likeness.lowFrequencyDensity)")
    }

    @Test(arguments: [Float.nan, .infinity])
    func notANumberIsAnError(value: Float) {
        var elements = [Float](repeating: 0.5, count: 64)
        elements[5] = value
        #expect(refusalCode { try NoiseLikeness(Tensor(elements, shape: [1, 1, 8, 8])) } == .notFinite)
    }
}
