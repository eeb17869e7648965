import Foundation
import InputErrors
import Marks
import RingIDKeys
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Against MarkDiffusion's own classes (Tests/Fixtures/RingIDKeys/make_ringid.py).
@Suite struct RingIDReferenceTests {
    struct Golden: Decodable {
        struct Mask: Decodable {
            let side: Int
            let radius: Int
            let inner: Int
            let region: [String]
            let rings: [String]
        }

        struct Case: Decodable {
            let side: Int
            let radius: Int
            let inner: Int
            let ring_channels: [Int]
            let noise_channels: [Int]
            let levels: Int
            let range: Double
            let shift: Bool
            let pattern: [Float]
            let latents: [Float]
            let marked: [Float]
            let distance: Double
            let noisy: [Float]
            let noisy_distance: Double

            var shape: [Int] { [1, 4, side, side] }
        }

        let masks: [Mask]
        let cases: [Case]
    }

    private static let golden = Result {
        try JSONDecoder().decode(Golden.self, from: Data(contentsOf: Fixtures.url("RingIDKeys/ringid.json")))
    }

    /// Every cell of every ring, of even and of odd rasters.
    @Test(arguments: 0..<9)
    func ringsAreTheReferences(number: Int) throws {
        let mask = try Self.golden.get().masks[number]
        let shape = LatentShape(channels: 1, height: mask.side & ~1, width: mask.side & ~1)
        let geometry = try RingIDGeometry(
            latentShape: shape, radius: mask.radius, innerRadius: mask.inner, rasterSide: mask.side, ringChannels: [0],
            noiseChannels: [], subject: "test", as: .invalidSetting)
        let rings = geometry.ringOfCells
        for (row, expected) in mask.rings.enumerated() {
            let own = rings[row].map { $0 == 0 ? "." : String(UnicodeScalar(UInt8(96 + $0))) }.joined()
            #expect(own == expected, "row \(row) of \(mask.side)")
        }
    }

    private func imported(_ golden: Golden.Case) throws -> RingIDKey {
        let folder = try TemporaryFolder()
        let path = folder.path("pattern.npy")
        try NpyArray(shape: golden.shape, elements: .complex64(golden.pattern)).write(
            to: path, overwrite: false)
        var pattern = RingIDPattern(path: path)
        pattern.radius = golden.radius
        pattern.innerRadius = golden.inner
        pattern.levels = golden.levels
        pattern.range = golden.range
        return try pattern.key(name: "k")
    }

    @Test(arguments: 0..<4)
    func patternsAreReadAndMarkAsTheReferenceDoes(number: Int) throws {
        let golden = try Self.golden.get().cases[number]
        let key = try imported(golden)
        #expect(key.geometry.ringChannels == golden.ring_channels)
        #expect(key.geometry.noiseChannels == golden.noise_channels)
        #expect(key.geometry.isShifted == golden.shift || golden.ring_channels.isEmpty)
        #expect(key.geometry.rasterSide == golden.side)
        var noise = Tensor(golden.latents, shape: golden.shape)
        key.embed(into: &noise)
        for (own, expected) in zip(noise.elements, golden.marked) { #expect(abs(own - expected) < 3e-5) }
        let reader = key.makeReader()
        for (latent, distance) in [(golden.marked, golden.distance), (golden.noisy, golden.noisy_distance)] {
            let score = try #require(reader.publishedScore(Tensor(latent, shape: golden.shape), of: key))
            #expect(abs(score.distance - distance) < 1e-3, "\(score.distance), \(distance)")
            let matches = try KeySet([key]).match(Tensor(latent, shape: golden.shape), twoSided: false)
            let log10P = try #require(matches.first?.log10PValue)
            #expect(log10P < (golden.noise_channels.isEmpty ? -2 : -40), "\(log10P)")
        }
        #expect(try RingIDKey(data: key.data(), named: "k") == key)
    }
}
