import Foundation
import InputErrors
import NullModels
import RandomNumbers
import RingKeys
import Spectra
import Tensors
import TestSupport
import Testing

/// Learning what unmarked latents have in common, and taking it out.
@Suite struct NullModelTests {
    private struct Golden: Decodable {
        let shape: [Int]
        let latents: [[Float]]
        let mean: [Float]
        let whitening: [Float]
        let gains: [Double]
        let others: [[Float]]
        let filtered: [[Float]]
    }

    private static func golden() throws -> Golden {
        try JSONDecoder().decode(Golden.self, from: Data(contentsOf: Fixtures.url("RingKeys/Null/null.json")))
    }

    private static func learnt(_ golden: Golden) throws -> NullModel {
        try NullModel(learningFrom: golden.latents.map { Tensor($0, shape: [1] + golden.shape) })
    }

    @Test func equalsNumPy() throws {
        let golden = try Self.golden()
        let null = try Self.learnt(golden)
        // Transforms are of Floats; their rounding is a few 1e-7 and grows where powers are differences.
        expectClose(null.mean.elements, golden.mean, relative: 1e-5, "mean")
        expectClose(null.whitening.elements, golden.whitening, relative: 1e-5, "whitening")
        expectClose(null.gains, golden.gains, relative: 1e-4, "gains")
        #expect(golden.others.count == 2 && golden.filtered.count == 2)
        for (other, filtered) in zip(golden.others, golden.filtered) {
            expectClose(
                null.filtered(Tensor(other, shape: [1] + golden.shape)).elements, filtered, relative: 1e-4, "filtered")
        }
    }

    /// White noise has nothing in common: what is learnt from much of it changes little.
    @Test func whiteNoiseStaysAsItIs() throws {
        let shape = [1, 3, 16, 12]
        let null = try NullModel(learningFrom: (0..<200).map { Tensor(normal: shape, seed: $0) })
        let latent = Tensor(normal: shape, seed: 999)
        let filtered = null.filtered(latent)
        let cosine = latent.dot(filtered) / (latent.dot(latent) * filtered.dot(filtered)).squareRoot()
        #expect(cosine > 0.97, "\(cosine)")
    }

    @Test func badLatentsAreRefused() throws {
        let shape = [1, 2, 8, 8]
        let good = (0..<UInt64(20)).map { Tensor(normal: shape, seed: $0) }
        #expect(refusalCode { try NullModel(learningFrom: []) } == .tooFew)
        #expect(refusalCode { try NullModel(learningFrom: Array(good.prefix(15))) } == .tooFew)
        #expect(refusalCode { try NullModel(learningFrom: good.map { _ in good[0] }) } == .tooFew)
        #expect(refusalCode { try NullModel(learningFrom: good.map { _ in Tensor(zeros: shape) }) } == .tooFew)
        var broken = good
        broken[3] = Tensor(broken[3].elements.dropLast() + [Float.nan], shape: shape)
        #expect(refusalCode { try NullModel(learningFrom: broken) } == .notFinite)
        _ = try NullModel(learningFrom: Array(good.prefix(16)))
    }

    // MARK: - A population that shares a picture

    private static let shape = LatentShape(channels: 2, height: 24, width: 32)

    /// Coloured noise, a common picture, and a common direction in amounts that differ; marked noise carries its key
    /// through the colour.
    private static func population(_ seeds: Range<UInt64>, marked key: RingKey? = nil) -> [Tensor] {
        let transform = PlaneTransform(height: shape.height, width: shape.width)
        let plane = ComplexPlane(height: shape.height, width: shape.width)
        let count = shape.planeCount
        let picture = (0..<shape.count).map { sin(Float($0 % shape.width) / 5) + Float($0 % count / shape.width) / 24 }
        let direction = Tensor(normal: shape.tensorShape(), seed: 77)
        return seeds.map { seed in
            var noise = Tensor(normal: shape.tensorShape(), seed: seed)
            key?.embed(into: &noise)
            let second = Tensor(normal: shape.tensorShape(), seed: seed + 1_000_000)
            let amount = Double(Tensor(normal: [1], seed: seed + 2_000_000).elements[0])
            let coloured = Tensor(shape: noise.shape) { target in
                for channel in 0..<shape.channels {
                    for i in 0..<count { plane[i] = (noise.elements[channel * count + i], 0) }
                    transform.forward(plane)
                    for i in 0..<count {
                        let (y, x) = (i / shape.width, i % shape.width)
                        let k = hypotf(
                            Float(min(y, shape.height - y)), Float(min(x, shape.width - x)))
                        let scale = 1.5 / (1 + k / 4)
                        plane[i] = (plane[i].real * scale, plane[i].imaginary * scale)
                    }
                    transform.inverse(plane)
                    for i in 0..<count { target.initializeElement(at: channel * count + i, to: plane[i].real) }
                }
            }
            return .combination(
                (1, coloured), (0.7, second), (0.3, Tensor(picture, shape: noise.shape)), (0.25 * amount, direction))
        }
    }

    /// What single keys' rates at a nominal tenth differ by, beyond counting.
    private static func excess(_ latents: [Tensor], pattern: KeyGeometry.Pattern) throws -> Double {
        let reader = RingReader(
            try NativeFixtures.key(pattern, radius: 8, channels: [0, 1], shape: shape).geometry)
        let statistics = try latents.map { try reader.read($0) }
        var normals = NormalStream(seed: 5)
        let rates = (0..<500).map { _ -> Double in
            let key = normals.next(reader.dimension)
            let matches = statistics.count { ReferenceTrials.log10P($0, key[...]) < -1 }
            return Double(matches) / Double(latents.count)
        }
        let mean = rates.reduce(0, +) / 500
        #expect(abs(mean - 0.1) < 0.01, "over keys the rate is exact, but is \(mean)")
        let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 499
        return max(0, variance - 0.09 / Double(latents.count)).squareRoot()
    }

    /// The rates of single keys stray without a null, and with one that was learnt from other images of the population
    /// they do not.
    @Test(arguments: [KeyGeometry.Pattern.spread, .ring])
    func singleKeysComeToTheNominalRate(pattern: KeyGeometry.Pattern) throws {
        let null = try NullModel(learningFrom: Self.population(0..<200))
        let latents = Self.population(500..<700)
        let before = try Self.excess(latents, pattern: pattern)
        let after = try Self.excess(latents.map(null.filtered), pattern: pattern)
        // The readings of spread keys are self-whitened, so that less is left to do.
        #expect(before > (pattern == .spread ? 0.02 : 0.04), "the population does not stray: \(before)")
        #expect(after < before / 2, "\(before) before, \(after) after")
        #expect(
            LatentLikeness.rootMeanSquareCosine(latents.map(null.filtered))
                < LatentLikeness.rootMeanSquareCosine(latents) / 2)
    }

    /// Taking the common picture out costs a mark next to nothing where self-whitening has done most of that already.
    @Test func marksAreNotLost() throws {
        let null = try NullModel(learningFrom: Self.population(0..<100))
        let key = try NativeFixtures.key(.spread, radius: 8, channels: [0, 1], shape: Self.shape)
        let reader = RingReader(key.geometry)
        let marked = Self.population(900..<921, marked: key)
        func median(_ latents: [Tensor]) throws -> Double {
            try latents.map { ReferenceTrials.log10P(try reader.read($0), key.numbers[...]) }.sorted()[10]
        }
        let (before, after) = (try median(marked), try median(marked.map(null.filtered)))
        #expect(after < 0.95 * before, "log10 p \(before) before, \(after) after")
    }
}
