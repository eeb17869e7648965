import Foundation
import RingKeys
import Tensors
import Testing

@Suite struct DetectorTests {
    private func key() throws -> RingKey {
        try NativeFixtures.key(.ring, radius: 5, shape: LatentShape(channels: 4, height: 16, width: 16))
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func aNumberThatIsNoneIsAnError(value: Float) throws {
        let detector = KeyDetector(try key())
        var elements = Tensor(normal: [1, 4, 16, 16], seed: 1).elements
        elements[17] = value
        #expect(throws: InputError.self) { try detector.measure(Tensor(elements, shape: [1, 4, 16, 16])) }
    }

    /// Nothing at the key's frequencies has no direction, and so no cosine.
    @Test func zerosAreAnError() throws {
        let detector = KeyDetector(try key())
        #expect(throws: InputError.self) { try detector.measure(Tensor(zeros: [1, 4, 16, 16])) }
    }

    /// The cosine does not know the latent's scale.
    @Test func scaleDoesNotMatter() throws {
        let detector = KeyDetector(try key())
        let latent = Tensor(normal: [1, 4, 16, 16], seed: 2)
        let one = detector.cosine(try detector.measure(latent))
        for factor in [Float(1e-15), 1e-3, 1e15] {
            let scaled = Tensor(latent.elements.map { $0 * factor }, shape: latent.shape)
            #expect(abs(detector.cosine(try detector.measure(scaled)) - one) < 1e-5)
        }
    }

    /// Only the keyed channels are looked at.
    @Test func otherChannelsDoNotMatter() throws {
        let detector = KeyDetector(try key())
        let latent = Tensor(normal: [1, 4, 16, 16], seed: 2).elements
        let other = Tensor(normal: [1, 4, 16, 16], seed: 3).elements
        #expect(
            try detector.measure(Tensor(latent, shape: [1, 4, 16, 16]))
                == detector.measure(Tensor(latent[..<256] + other[256...], shape: [1, 4, 16, 16])))
    }

    /// The picture's plane: |F| with DC in the middle.
    @Test func amplitudesAreShifted() throws {
        let detector = KeyDetector(try key())
        // A constant of 2 and a wave of 3 rows' period in the height, 1 in the width.
        let elements = (0..<4 * 256).map { i -> Float in
            let (y, x) = (i % 256 / 16, i % 16)
            return 2 + Float(cos(2 * Double.pi * Double(3 * y + x) / 16))
        }
        let planes = detector.amplitudes(Tensor(elements, shape: [1, 4, 16, 16]))
        #expect(planes.map(\.channel) == [0])
        let rows = planes[0].rows
        for y in 0..<16 {
            for x in 0..<16 {
                let expected: Float =
                    (y, x) == (8, 8) ? 512 : (y, x) == (11, 9) || (y, x) == (5, 7) ? 128 : 0
                #expect(abs(rows[y][x] - expected) < 1e-3, "\(y), \(x)")
            }
        }
    }

    @Test func magnitudesNameTheRings() throws {
        #expect(KeyDetector(try key()).magnitudes == [0, 1, 2, 3, 4, 5])
        let spread = KeyDetector(
            try NativeFixtures.key(.spread, radius: 1, shape: LatentShape(channels: 1, height: 8, width: 8)))
        #expect(
            spread.magnitudes == [1, 1, 2.0.squareRoot(), 2.0.squareRoot(), 1, 1, 2.0.squareRoot(), 2.0.squareRoot()])
    }
}
