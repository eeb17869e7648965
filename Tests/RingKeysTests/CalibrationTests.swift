import Foundation
import Marks
import NullModels
import RandomNumbers
import KeyDocuments
import RingKeys
import Statistics
import Tensors
import Testing

/// P(p < x) = x over keys, for images that know nothing of them, whatever the images look like.
@Suite struct CalibrationTests {
    private static let levels = [0.5, 0.1, 0.01, 0.001, 0.0001]

    /// Keys of the real derivation: the statistic of one image against the numbers of fresh secrets.
    @Test(arguments: [(KeyGeometry.Pattern.ring, [0], 30_000), (.spread, [0], 20_000)])
    func pIsUniformOverSecrets(pattern: KeyGeometry.Pattern, channels: [Int], keys: Int) throws {
        let reader = RingReader(
            try NativeFixtures.key(
                pattern, radius: pattern == .ring ? 10 : 5, channels: channels,
                shape: LatentShape(channels: 1, height: 64, width: 64)
            ).geometry)
        let context = reader.geometry.canonicalText
        let images = ReferenceTrials.latents(size: 64)
        let statistics = try images.map { try reader.read($0.latent) }
        expectUniform(images.map(\.name), statistics, keys: keys) { seed in
            let digits = String(seed, radix: 16)
            let secret = Secret(hexadecimal: String(repeating: "0", count: 64 - digits.count) + digits)
            return secret?.normals(reader.dimension, context: context) ?? []
        }
    }

    /// Several channels and rings that differ by a factor of sixty in size, with fast numbers.
    @Test(arguments: [(KeyGeometry.Pattern.ring, 100_000), (.spread, 20_000)])
    func pIsUniformOverDirections(pattern: KeyGeometry.Pattern, keys: Int) throws {
        let shape = LatentShape(channels: 4, height: 32, width: 32)
        let reader = RingReader(
            try NativeFixtures.key(pattern, radius: pattern == .ring ? 8 : 4, channels: [0, 1, 2, 3], shape: shape)
                .geometry)
        let images = ReferenceTrials.latents(size: 32)
        let statistics = try images.map { image in
            let plane = image.latent.elements
            // One picture in all channels: as dependent as channels get.
            return try reader.read(Tensor(plane + plane + plane + plane, shape: shape.tensorShape()))
        }
        var normals = NormalStream(seed: 11)
        expectUniform(images.map(\.name), statistics, keys: keys) { _ in normals.next(reader.dimension) }
    }

    /// With a null model, whatever it was learnt from: here from noise of amplitude 1/|k| upon a common picture.
    @Test func pIsUniformWithANullModel() throws {
        let images = ReferenceTrials.latents(size: 64)
        let (white, pink, boxes) = (images[0].latent, images[1].latent, images[2].latent)
        let null = try NullModel(
            learningFrom: (0..<24).map { index in
                let turned = Tensor(
                    pink.elements.suffix(from: 170 * index) + pink.elements.prefix(170 * index), shape: pink.shape)
                return .combination((3, turned), (0.5, boxes), (0.2, Tensor(normal: white.shape, seed: UInt64(index))))
            })
        let reader = RingReader(
            try NativeFixtures.key(.spread, radius: 5, shape: LatentShape(channels: 1, height: 64, width: 64)).geometry)
        let statistics = try images.map { try reader.read(null.filtered($0.latent)) }
        var normals = NormalStream(seed: 12)
        expectUniform(images.map(\.name), statistics, keys: 50_000) { _ in normals.next(reader.dimension) }
    }

    private func expectUniform(
        _ names: [String], _ statistics: [[Double]], keys: Int, numbers: (Int) -> [Double]
    ) {
        var oneSided = names.map { _ in Self.levels.map { _ in 0 } }
        var twoSided = oneSided
        for seed in 0..<keys {
            let key = numbers(seed)
            for (image, statistic) in statistics.enumerated() {
                let cosine = Self.cosine(statistic, key)
                let p = exp(CosineTest.logPValue(cosine: cosine, dimension: key.count))
                let two = exp(CosineTest.logPValue(cosine: cosine, dimension: key.count, twoSided: true))
                for (index, level) in Self.levels.enumerated() {
                    if p < level { oneSided[image][index] += 1 }
                    if two < level { twoSided[image][index] += 1 }
                }
            }
        }
        for (sided, counts) in [("one-sided", oneSided), ("two-sided", twoSided)] {
            for (name, counted) in zip(names, counts) {
                for (level, count) in zip(Self.levels, counted) {
                    // Four standard deviations of a binomial count, and two for the skewness of small ones.
                    let expected = level * Double(keys)
                    let slack = 4 * (expected * (1 - level)).squareRoot() + 2
                    #expect(
                        abs(Double(count) - expected) <= slack,
                        "\(sided), \(name): \(count) of \(keys) below \(level), expected \(expected)")
                }
            }
        }
    }

    private static func cosine(_ a: [Double], _ b: [Double]) -> Double {
        var (product, first, second) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            product += x * y
            first += x * x
            second += y * y
        }
        return product / (first * second).squareRoot()
    }
}
