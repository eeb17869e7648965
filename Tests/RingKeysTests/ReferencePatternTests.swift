import Foundation
import InputErrors
import RingKeys
import Spectra
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct ReferencePatternTests {
    static let planes: [(name: String, channel: Int, radius: Int)] = [("even", 1, 5), ("odd", -1, 6), ("square", 3, 7)]

    static func key(_ name: String, _ pattern: String, _ channel: Int, _ radius: Int) throws -> RingKey {
        let geometryPattern = try #require(KeyGeometry.Pattern(rawValue: "tree-ring/\(pattern)"))
        return try RingKey(
            treeRing: geometryPattern, noise: ReferenceFixtures.latent("\(name)_noise.npy"), channel: channel,
            radius: radius, constant: 12.5, name: name)
    }

    @Test func targetsEqualNumPy() throws {
        for (name, channel, radius) in Self.planes {
            for pattern in ["ring", "rand"] {
                let key = try Self.key(name, pattern, channel, radius)
                let expected = try NpyArray(contentsOf: ReferenceFixtures.path("\(name)_\(pattern)_target.npy"))
                #expect(key.referenceSpectrum.shape == expected.shape)
                // The transforms here are in single precision: 2^-24 times a few.
                expectClose(
                    try ReferenceFixtures.complex(key.referenceSpectrum), try ReferenceFixtures.complex(expected),
                    relative: 1e-6, "\(name) \(pattern)")
            }
        }
    }

    @Test func embeddingEqualsNumPy() throws {
        for (name, channel, radius) in Self.planes {
            for pattern in ["ring", "rand", "zeros", "const"] {
                var noise = try ReferenceFixtures.latent("\(name)_host.npy")
                try Self.key(name, pattern, channel, radius).embed(into: &noise)
                // Two single-precision transforms of numbers of order one.
                expectClose(
                    noise, try ReferenceFixtures.latent("\(name)_\(pattern)_marked.npy"), absolute: 2e-6,
                    "\(name) \(pattern)")
            }
        }
    }

    /// Half of a ring key is lost in the real part, and a marked latent without any error is 39 from its own key.
    @Test func realPartDiscardsHalfOfARingKey() throws {
        let size = 64
        let transform = PlaneTransform(height: size, width: size)
        let plane = ComplexPlane(height: size, width: size)
        for (pattern, expectedLoss, expectedL1) in [
            (KeyGeometry.Pattern.treeRingRing, 0.51, 39.3), (.treeRingRand, 0.064, 5.05),
        ] {
            var (kept, whole, marked, clean) = (0.0, 0.0, 0.0, 0.0)
            let trials = 200
            for trial in 0..<trials {
                let key = try ReferenceTrials.key(pattern, size: size, radius: 10, seed: 1000 + UInt64(trial))
                let values = try ReferenceFixtures.complex(key.referenceSpectrum)
                // Circular shifts of the spectrum change only phases of the plane, by -1 at most on even sides, where
                // they keep what is real real.
                for i in 0..<size * size { plane[i] = (values[2 * i], values[2 * i + 1]) }
                transform.inverse(plane)
                for i in 0..<size * size {
                    kept += Double(plane[i].real * plane[i].real)
                    whole += Double(plane[i].real * plane[i].real + plane[i].imaginary * plane[i].imaginary)
                }
                var noise = Tensor(normal: [1, 1, size, size], seed: 5000 + UInt64(trial))
                clean += try key.publishedScore(noise).distance
                key.embed(into: &noise)
                marked += try key.publishedScore(noise).distance
            }
            // One key's L1 scatters by 7, its loss by 0.06; 200 keys: 0.5 and 0.005. Five times that.
            #expect(abs(1 - kept / whole - expectedLoss) < 0.025, "\(pattern) loses \(1 - kept / whole)")
            #expect(abs(marked / Double(trials) - expectedL1) < 2.5, "\(pattern) marked \(marked / Double(trials))")
            #expect(abs(clean / Double(trials) - 80.2) < 2.5, "\(pattern) clean \(clean / Double(trials))")
        }
    }

    @Test func refusesWhatTheLatentDoesNotHave() throws {
        let noise = Tensor(normal: [1, 2, 16, 16], seed: 1)
        func make(_ pattern: KeyGeometry.Pattern, _ noise: Tensor, _ channel: Int, _ radius: Int) throws {
            _ = try RingKey(treeRing: pattern, noise: noise, channel: channel, radius: radius, name: "key")
        }
        for (channel, radius) in [(2, 3), (-2, 3), (0, 8), (0, 0)] {
            let code = refusalCode { try make(.treeRingRing, noise, channel, radius) }
            #expect(code == .invalidSetting, "channel \(channel), radius \(radius)")
        }
        #expect(refusalCode { try make(.ring, noise, 0, 3) } == .keyMismatch)
        #expect(refusalCode { try make(.treeRingRing, noise.reshaped([2, 1, 16, 16]), 0, 3) } == .wrongShape)
        let broken = Tensor([Float](repeating: .nan, count: 512), shape: [1, 2, 16, 16])
        #expect(refusalCode { try make(.treeRingRing, broken, 0, 3) } == .notFinite)
    }

    @Test func saysWhyAKeyHasNoExactPValue() throws {
        #expect(try Self.key("even", "ring", 1, 5).reasonWithoutExactPValue == nil)
        #expect(try Self.key("even", "rand", 1, 5).reasonWithoutExactPValue == nil)
        #expect(try Self.key("even", "zeros", 1, 5).reasonWithoutExactPValue?.contains("zeros") == true)
        #expect(try Self.key("even", "const", 1, 5).reasonWithoutExactPValue?.contains("`const`") == true)
    }
}
