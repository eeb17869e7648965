import Foundation
import NullModels
import RingKeys
import Tensors
import TestSupport
import Testing

/// Evening out a latent by what it shows itself.
@Suite struct SelfWhiteningTests {
    private struct Golden: Decodable {
        let shape: [Int]
        let latent: [Float]
        let mask: [Float]
        let whitened: [Float]
        let masked: [Float]
    }

    @Test func equalsNumPy() throws {
        let golden = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: Fixtures.url("RingKeys/Null/self_whitening.json")))
        let latent = Tensor(golden.latent, shape: [1] + golden.shape)
        let whitening = SelfWhitening(
            LatentShape(channels: golden.shape[0], height: golden.shape[1], width: golden.shape[2]))
        // Transforms and sums are of Floats.
        expectClose(whitening.whitened(latent).elements, golden.whitened, relative: 1e-4, "whitened")
        let mask = Tensor(golden.mask, shape: [1, 1] + golden.shape.dropFirst())
        expectClose(whitening.whitened(latent, mask: mask).elements, golden.masked, relative: 1e-4, "masked")
    }

    /// How bright a channel is, how strong, and how large the picture is as a whole say nothing of a key.
    @Test func neitherBrightnessNorStrengthCounts() {
        let whitening = SelfWhitening(LatentShape(channels: 2, height: 16, width: 16))
        let latent = Tensor(normal: [1, 2, 16, 16], seed: 1)
        let count = 256
        let other = Tensor(
            latent.elements.enumerated().map { $0.offset < count ? 3 * $0.element + 2 : 0.5 * $0.element - 1 },
            shape: latent.shape)
        expectClose(
            whitening.whitened(other).elements, whitening.whitened(latent).elements, relative: 1e-4, "whitened")
    }

    /// What pictures share is bright places and strong frequencies: evened, they are hardly more alike than noise, and a
    /// mark in them is found better.
    @Test func picturesThatAreAlikeStopBeingAlikeAndMarksStandOut() throws {
        let shape = LatentShape(channels: 2, height: 32, width: 32)
        let key = try NativeFixtures.key(.spread, radius: 8, channels: [0, 1], shape: shape)
        let whitening = SelfWhitening(shape)
        func picture(_ seed: UInt64) -> Tensor {
            var noise = Tensor(normal: shape.tensorShape(), seed: seed)
            key.embed(into: &noise)
            let disturbance = Tensor(normal: shape.tensorShape(), seed: seed + 1000)
            let amount = 1 + abs(Double(Tensor(normal: [1], seed: seed + 2000).elements[0]))
            let elements = disturbance.elements.enumerated().map { index, value -> Float in
                let (y, x) = (Float(index % 1024 / 32) / 32, Float(index % 32) / 32)
                // A horizon, a subject in the middle, and a bright sky.
                let subject = exp(-20 * ((y - 0.6) * (y - 0.6) + (x - 0.5) * (x - 0.5)))
                return 4 * value * subject + (y < 0.4 ? 3 : -1) * Float(amount)
            }
            return .combination((1, noise), (1, Tensor(elements, shape: shape.tensorShape())))
        }
        let pictures = (0..<24).map { picture(UInt64($0)) }
        // The mark is the same in all; what is beside it is compared.
        let clean = pictures.enumerated().map { index, latent -> Tensor in
            var noise = Tensor(normal: shape.tensorShape(), seed: UInt64(index))
            key.embed(into: &noise)
            return .combination((1, latent), (-1, noise))
        }
        #expect(LatentLikeness.rootMeanSquareCosine(clean) > 0.5)
        #expect(LatentLikeness.rootMeanSquareCosine(clean.map { whitening.whitened($0) }) < 0.25)
        let reader = RingReader(key.geometry)
        let logs = try pictures.map { ReferenceTrials.log10P(try reader.read($0), key.numbers[...]) }.sorted()
        #expect(logs[12] < -20, "median log10 p \(logs[12])")
    }
}
