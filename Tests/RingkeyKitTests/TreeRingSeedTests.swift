import Foundation
import InputErrors
import Marks
import RandomNumbers
import RingKeys
import RingkeyKit
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Keys by `w_seed` against the package's own (Tests/Fixtures/RingkeyKit/make_w_seed.py).
@Suite struct TreeRingSeedTests {
    private struct Case: Decodable {
        let seed: UInt64
        let pattern: String
        let channel: Int
        let radius: Int
        let size: Int
        let precision: TorchNumbers.Precision
        let values: [Double]
    }

    @Test func keysOfASeedAreThePackages() throws {
        let data = try Data(contentsOf: Fixtures.url("RingkeyKit/w_seed.json"))
        let cases = try JSONDecoder().decode([Case].self, from: data)
        #expect(cases.count == 3)
        for golden in cases {
            let key = try TreeRingSeed(
                seed: golden.seed, device: .cpu, precision: golden.precision,
                latentShape: LatentShape(channels: 4, height: golden.size, width: golden.size),
                pattern: try #require(KeyGeometry.Pattern(rawValue: "tree-ring/\(golden.pattern)")),
                channel: golden.channel, radius: golden.radius
            ).key(name: "k")
            let spectrum = try #require(key.referenceSpectrum.interleavedComplex)
            // Half precision rounds a number in a thousand the other way.
            expectClose(spectrum, golden.values, absolute: golden.precision == .float32 ? 1e-4 : 0.02)
            #expect(key.isRandom)
            // There are as many keys as seeds; the document remembers it.
            #expect(key.smallestPValue == 0x1p-32)
            #expect(try RingKey(data: key.data(), named: "k") == key)
        }
    }

    /// `set_random_seed` seeds every GPU with four more.
    @Test func aGPUsSeedIsFourMore() throws {
        func key(_ seed: UInt64, _ device: TorchNumbers.Device) throws -> RingKey {
            try TreeRingSeed(
                seed: seed, device: device, precision: .float32,
                latentShape: LatentShape(channels: 4, height: 16, width: 16), pattern: .treeRingRing, channel: 3,
                radius: 5
            ).key(name: "k")
        }
        let noise = Tensor(
            TorchNumbers.normals(1024, seed: 1003, device: .cuda(threads: 2000)), shape: [1, 4, 16, 16])
        let expected = try RingKey(treeRing: .treeRingRing, noise: noise, channel: 3, radius: 5, name: "k")
        #expect(try key(999, .cuda(threads: 2000)).id == expected.id)
        #expect(try key(999, .cpu).id != expected.id)
    }

    @Test func configurationsOfMarkDiffusionAreRead() throws {
        let folder = try TemporaryFolder()
        let context = ImportContext(
            device: .cuda(threads: 1 << 16), precision: .float32,
            latentShape: LatentShape(channels: 4, height: 32, width: 32), name: "tr")
        func key(_ text: String) throws -> any Sendable {
            let path = try folder.write("TR.json", Data(text.utf8))
            return try MarkDiffusionConfiguration(contentsOf: path).key(context).identity
        }
        let usual = """
            {"algorithm_name": "TR", "w_seed": 999999, "w_channel": 0, "w_pattern": "ring", "w_mask_shape": "circle",
             "w_radius": 10, "w_pattern_const": 0, "threshold": 50, "threshold_p_value": 0.01}
            """
        let own = try TreeRingSeed(
            seed: 999_999, device: context.device, precision: .float32, latentShape: context.latentShape,
            pattern: .treeRingRing, channel: 0, radius: 10
        ).key(name: "tr")
        #expect("\(try key(usual))" == "\(own.identity)")
        for (part, replacement) in [
            ("\"TR\"", "\"ROBIN\""), ("\"ring\"", "\"seed_ring\""), ("999999", "0.5"), ("999999", "-1"),
            ("\"w_radius\": 10", "\"w_radius\": 1000"), ("\"w_radius\": 10,", ""),
            ("\"w_channel\": 0", "\"w_channel\": 9"),
        ] {
            #expect(throws: InputError.self, "\(replacement)") {
                try key(usual.replacingOccurrences(of: part, with: replacement))
            }
        }
    }
}
