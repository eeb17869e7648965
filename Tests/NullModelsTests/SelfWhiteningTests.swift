import Foundation
import NullModels
import Tensors
import TestSupport
import Testing

/// Evening out a latent by what it shows itself; golden values are in `RingKeysTests`.
@Suite struct SelfWhiteningTests {
    private static let shape = LatentShape(channels: 2, height: 11, width: 18)
    private static let latent = Tensor(normal: shape.tensorShape(), seed: 3)

    /// A mask of ones is no mask.
    @Test func aMaskOfOnesChangesNothing() {
        let whitening = SelfWhitening(Self.shape)
        let ones = Tensor([Float](repeating: 1, count: 11 * 18), shape: [1, 1, 11, 18])
        #expect(whitening.whitened(Self.latent, mask: ones).elements == whitening.whitened(Self.latent).elements)
    }

    @Test(arguments: [1e-6, 1024.0]) func scaleIsOfNoImportance(scale: Double) {
        let whitening = SelfWhitening(Self.shape)
        expectClose(whitening.whitened(scale * Self.latent), whitening.whitened(Self.latent), relative: 1e-4)
    }

    /// A page of one colour, black, one point, a mask that leaves nothing.
    @Test func constantsAndNothingAtAllGiveNumbers() {
        let shape = LatentShape(channels: 2, height: 9, width: 12)
        let whitening = SelfWhitening(shape)
        let zeros = Tensor(zeros: shape.tensorShape())
        #expect(whitening.whitened(zeros).elements.allSatisfy { $0 == 0 })
        #expect(whitening.whitened(zeros.mapped { _ in 3 }).isFinite)
        var point = zeros
        point.withUnsafeMutableBufferPointer { $0[50] = 1 }
        #expect(whitening.whitened(point).isFinite)
        let nothing = Tensor(zeros: [1, 1, 9, 12])
        #expect(whitening.whitened(zeros.mapped { _ in 3 }, mask: nothing).elements.allSatisfy { $0 == 0 })
    }

    /// What has the same power everywhere keeps its direction; a loud corner and a loud frequency lose theirs.
    @Test func whiteNoiseStaysAndWhatStandsOutIsTakenBack() {
        let shape = LatentShape(channels: 4, height: 32, width: 32)
        let whitening = SelfWhitening(shape)
        let white = Tensor(normal: shape.tensorShape(), seed: 1)
        func cosine(_ a: Tensor, _ b: Tensor) -> Double { a.dot(b) / (a.squaredNorm * b.squaredNorm).squareRoot() }
        #expect(cosine(whitening.whitened(white), white) > 0.9)
        let stripes = Tensor(
            (0..<shape.count).map { 6 * Float(sin(2 * Double.pi * 5 * Double($0 % 32) / 32)) }, shape: white.shape)
        let corner = Tensor(
            white.elements.enumerated().map { $0 % 1024 / 32 < 8 && $0 % 32 < 8 ? 20 * $1 : $1 }, shape: white.shape)
        #expect(cosine(white + stripes, white) < 0.3 && cosine(whitening.whitened(white + stripes), white) > 0.7)
        #expect(cosine(corner, white) < 0.5 && cosine(whitening.whitened(corner), white) > 0.7)
    }
}
