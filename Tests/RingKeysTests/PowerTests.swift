import Foundation
import RingKeys
import Statistics
import Tensors
import Testing

/// How small p becomes for marked noise with white noise added, radius 10, 64 × 64. The figures are those of
/// docs/key-format.md.
@Suite struct PowerTests {
    @Test(arguments: [
        (KeyGeometry.Pattern.ring, [0], [(1.0, -6.5), (0.25, -4.7), (0.1, -3.4)]),
        (.ring, [0, 1, 2, 3], [(1, -23.5), (0.25, -16.8), (0.1, -11.6), (0.05, -8)]),
        (.spread, [0], [(1, -54), (0.1, -8.2), (0.05, -4.8), (0.02, -2.3)]),
        (.spread, [0, 1, 2, 3], [(0.1, -30), (0.05, -16), (0.02, -7.3)]),
    ])
    func medianBySignalToNoise(
        pattern: KeyGeometry.Pattern, channels: [Int], medians: [(snr: Double, log10P: Double)]
    ) throws {
        let shape = LatentShape(channels: channels.count, height: 64, width: 64)
        for (snr, expected) in medians {
            let trials = channels.count == 1 ? 101 : 41
            let logs = try (0..<trials).map { trial in
                let key = try NativeFixtures.key(pattern, channels: channels, shape: shape, seed: UInt64(trial + 1))
                let reader = RingReader(key.geometry)
                let reading = try reader.read(NativeFixtures.recovered(key, snr: snr, seed: UInt64(trial) + 1000))
                return CosineTest.logPValue(
                    cosine: reader.agreement(reading, key.numbers), dimension: reader.dimension) / log(10)
            }.sorted()
            let median = logs[trials / 2]
            // A tenth of the logarithm for the spread over keys, and half a decade: three standard errors of a median.
            #expect(
                abs(median - expected) < 0.5 + 0.1 * abs(expected),
                "\(pattern), \(channels.count) channels, SNR \(snr): 10^\(median), expected 10^\(expected)")
        }
    }

    /// What is told of a key at SNR 1, for the median key of each geometry.
    @Test(arguments: [
        (KeyGeometry.Pattern.ring, 10.0, [0], -6.5), (.ring, 10, [0, 1, 2, 3], -23.5), (.spread, 10, [0], -54),
        (.spread, 10, [0, 1, 2, 3], -213), (.ring, 2, [0], -1.4),
    ])
    func medianPValue(pattern: KeyGeometry.Pattern, radius: Double, channels: [Int], expected: Double) throws {
        let keys = try (1...41).map {
            try NativeFixtures.key(pattern, radius: radius, channels: channels, seed: $0)
        }
        let reader = RingReader(keys[0].geometry)
        let reaches = keys.map { reader.log10MedianPValue(of: $0.numbers, signalToNoise: 1) }.sorted()
        // Three standard errors of the median of 41 keys: keys of eleven numbers have a spread of one decade.
        #expect(abs(reaches[20] - expected) < 0.6 + 0.03 * abs(expected), "\(reaches[20])")
    }

    /// The weights beat the plain mean of Re F on each ring, which is G⁻¹S, by more than half a decade where the noise is
    /// strong; they are near those for the true signal-to-noise ratio everywhere.
    @Test(arguments: [1.0, 0.25, 0.1])
    func weightsAreNearTheBest(snr: Double) throws {
        let shape = LatentShape(channels: 1, height: 64, width: 64)
        let trials = 401
        var medians: [Double] = []
        let counts = try ringSizes(shape)
        // a = S/(n + λ) and a by the mean, S/n; λ = 4 in the library, 1/SNR the best.
        for lambda in [4, 1 / snr, 0] {
            let logs = try (0..<trials).map { trial in
                let key = try NativeFixtures.key(.ring, shape: shape, seed: UInt64(trial + 1))
                let reader = RingReader(key.geometry)
                let reading = try reader.read(NativeFixtures.recovered(key, snr: snr, seed: UInt64(trial) + 9000))
                let weighted = zip(reading, counts).map { $0 * ($1 + 4) / ($1 + lambda) }
                return CosineTest.logPValue(cosine: reader.agreement(weighted, key.numbers), dimension: 11) / log(10)
            }.sorted()
            medians.append(logs[trials / 2])
        }
        #expect(medians[0] < medians[1] + (snr == 1 ? 0.7 : 0.2), "\(medians)")
        #expect(medians[0] < medians[2] + (snr == 1 ? 0.3 : -0.5), "\(medians)")
    }

    private func ringSizes(_ shape: LatentShape) throws -> [Double] {
        var counts = [Double](repeating: 0, count: 11)
        for y in -10...10 {
            for x in -10...10 where y * y + x * x <= 110 { counts[Int(Double(y * y + x * x).squareRoot())] += 1 }
        }
        return counts
    }
}
