import Foundation
import Marks
import RingKeys
import Tensors
import TestSupport
import Testing

/// Imported numbers that show that they were not drawn at random have no exact p-value, and others keep theirs
/// (`Tests/Fixtures/RingKeys/Unrandom/make_unrandom.py`).
@Suite struct DrawnNumbersTests {
    private func reason(_ name: String) throws -> String? {
        try RingKey(reference: Fixtures.url("RingKeys/Unrandom/\(name).npy").path).reasonWithoutExactPValue
    }

    @Test(arguments: [
        ("annulus_0_10_rand", "zeros among"), ("real_0_10_rand", "zeros among"), ("ringid_0_10_ring", "zeros among"),
        ("signs_0_10_ring", "repeat: 19 of 20"),
        ("phases_0_10_rand", "not distributed as normal ones"), ("picture_0_10_rand", "larger at some frequencies"),
    ])
    func whatWasNotDrawnIsNamed(name: String, words: String) throws {
        let reason = try #require(try reason(name))
        #expect(reason.contains(words) && reason.contains("not drawn at random"), "\(reason)")
    }

    /// None of 200 keys as the reference draws them is taken for another.
    @Test func whatWasDrawnKeepsItsPValue() throws {
        #expect(try reason("noise_0_10_rand") == nil)
        for seed in 0..<100 as Range<UInt64> {
            let noise = Tensor(normal: [1, 4, 32, 32], seed: seed)
            for (pattern, channel) in [(KeyGeometry.Pattern.treeRingRand, Int(seed % 5) - 1), (.treeRingRing, -1)] {
                let key = try RingKey(treeRing: pattern, noise: noise, channel: channel, radius: 10, name: "k")
                #expect(key.reasonWithoutExactPValue == nil, "seed \(seed), \(pattern)")
            }
        }
    }
}
