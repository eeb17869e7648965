import Foundation
import RingKeys
import Tensors
import TestSupport
import Testing

/// The median p-value of one very key, against golden figures (`Tests/Fixtures/RingKeys/Reach/make_reach.py`) and marked
/// noise.
@Suite struct ReachTests {
    private struct Golden: Decodable {
        let seed: Int
        let numbers: [Double]
        let log10P: [String: Double]

        enum CodingKeys: String, CodingKey {
            case seed, numbers
            case log10P = "log10_p"
        }
    }

    private func importedKey() throws -> RingKey {
        try RingKey(reference: Fixtures.url("RingKeys/Reach/999999_3_10_ring.npy").path)
    }

    /// Keys of one geometry differ: the median key of this one has 8e-8 at a ratio of 1, that of `w_seed` 999999 has 9e-7.
    @Test func eachKeyHasItsOwn() throws {
        let key = try importedKey()
        let reader = RingReader(key.geometry)
        let golden = try JSONDecoder().decode(
            [Golden].self, from: Data(contentsOf: Fixtures.url("RingKeys/Reach/reach.json")))
        let numbers = try #require(golden.first { $0.seed == 999999 }).numbers
        // The script rounds to six places.
        #expect(zip(key.numbers, numbers).allSatisfy { abs($0 - $1) < 1e-5 } && key.numbers.count == numbers.count)
        for golden in golden {
            for (ratio, expected) in golden.log10P {
                let log10P = reader.log10MedianPValue(
                    of: golden.numbers, signalToNoise: try #require(Double(ratio)))
                // A median of 501 draws against one of 2001, the spread of log10 p being about one.
                #expect(abs(log10P - expected) < 0.25, "seed \(golden.seed) at \(ratio): \(log10P), not \(expected)")
            }
        }
    }

    @Test func lessNoiseIsNeverWorse() throws {
        let key = try importedKey()
        let reader = RingReader(key.geometry)
        let logs = [0, 0.001, 0.01, 0.1, 0.5, 1, 10, 100].map {
            reader.log10MedianPValue(of: key.numbers, signalToNoise: $0)
        }
        #expect(logs == logs.sorted(by: >), "\(logs)")
        #expect(logs[0] == log10(0.5) && logs[7] < -9)
        #expect(reader.log10MedianPValue(of: key.numbers, signalToNoise: 0.5) == logs[4])
    }

    /// What white noise was added comes out again, from the cosines of marked latents.
    @Test(arguments: [
        (KeyGeometry.Pattern.ring, [0]), (.ring, [0, 1, 2, 3]), (.spread, [0]), (.spread, [0, 1, 2, 3]),
    ])
    func theRatioIsMeasured(pattern: KeyGeometry.Pattern, channels: [Int]) throws {
        let key = try NativeFixtures.key(
            pattern, channels: channels, shape: LatentShape(channels: 4, height: 32, width: 32), seed: 3)
        let reader = RingReader(key.geometry)
        for ratio in [0.1, 0.5] {
            let cosines = try (0..<41).map {
                reader.agreement(
                    try reader.read(NativeFixtures.recovered(key, snr: ratio, seed: UInt64($0) + 50)), key.numbers)
            }
            let found = reader.signalToNoise(of: key.numbers, agreement: cosines.sorted()[20])
            // The median of 41 cosines of eleven numbers is worth a quarter of the ratio.
            #expect(abs(log(found / ratio)) < 0.5, "\(found) of \(ratio)")
        }
        #expect(reader.signalToNoise(of: key.numbers, agreement: -0.2) == 0)
        #expect(reader.signalToNoise(of: key.numbers, agreement: 1).isFinite)
    }

    /// Not optimistic: below what half of the marked images of the sample model have.
    @Test func anAssumedRatioIsModest() throws {
        for pattern in [KeyGeometry.Pattern.ring, .spread] {
            let reader = RingReader(try NativeFixtures.key(pattern).geometry)
            let (clean, noise) = (
                reader.assumedSignalToNoise(diffusionSteps: 0), reader.assumedSignalToNoise(diffusionSteps: 10)
            )
            #expect(clean > 0 && clean <= noise && noise <= 0.25)
        }
    }
}
