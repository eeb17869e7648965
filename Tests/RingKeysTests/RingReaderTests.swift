import Foundation
import InputErrors
import RingKeys
import Tensors
import Testing

@Suite struct RingReaderTests {
    private func key() throws -> RingKey {
        try NativeFixtures.key(.ring, radius: 5, shape: LatentShape(channels: 4, height: 16, width: 16))
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func aNumberThatIsNoneIsAnError(value: Float) throws {
        let reader = RingReader(try key().geometry)
        var elements = Tensor(normal: [1, 4, 16, 16], seed: 1).elements
        elements[17] = value
        let error = #expect(throws: InputError.self) { try reader.read(Tensor(elements, shape: [1, 4, 16, 16])) }
        #expect(error?.code == .notFinite)
    }

    /// Nothing at the key's frequencies has no direction, and so no cosine.
    @Test func zerosAreAnError() throws {
        let reader = RingReader(try key().geometry)
        let error = #expect(throws: InputError.self) { try reader.read(Tensor(zeros: [1, 4, 16, 16])) }
        #expect(error?.code == .notFinite)
    }

    /// The cosine does not know the latent's scale.
    @Test func scaleDoesNotMatter() throws {
        let (reader, numbers) = (RingReader(try key().geometry), try key().numbers)
        let latent = Tensor(normal: [1, 4, 16, 16], seed: 2)
        let one = reader.agreement(try reader.read(latent), numbers)
        for factor in [Float(1e-15), 1e-3, 1e15] {
            let scaled = Tensor(latent.elements.map { $0 * factor }, shape: latent.shape)
            #expect(abs(reader.agreement(try reader.read(scaled), numbers) - one) < 1e-5)
        }
    }

    /// Only the keyed channels are looked at.
    @Test func otherChannelsDoNotMatter() throws {
        let reader = RingReader(try key().geometry)
        let latent = Tensor(normal: [1, 4, 16, 16], seed: 2).elements
        let other = Tensor(normal: [1, 4, 16, 16], seed: 3).elements
        #expect(
            try reader.read(Tensor(latent, shape: [1, 4, 16, 16]))
                == reader.read(Tensor(latent[..<256] + other[256...], shape: [1, 4, 16, 16])))
    }

    /// The picture's plane: |F| with DC in the middle.
    @Test func amplitudesAreShifted() throws {
        let reader = RingReader(try key().geometry)
        // A constant of 2 and a wave of 3 rows' period in the height, 1 in the width.
        let elements = (0..<4 * 256).map { i -> Float in
            let (y, x) = (i % 256 / 16, i % 16)
            return 2 + Float(cos(2 * Double.pi * Double(3 * y + x) / 16))
        }
        let planes = reader.amplitudes(Tensor(elements, shape: [1, 4, 16, 16]))
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
        #expect(RingReader(try key().geometry).magnitudes == [0, 1, 2, 3, 4, 5])
        let spread = RingReader(
            try NativeFixtures.key(.spread, radius: 1, shape: LatentShape(channels: 1, height: 8, width: 8)).geometry)
        #expect(
            spread.magnitudes == [1, 1, 2.0.squareRoot(), 2.0.squareRoot(), 1, 1, 2.0.squareRoot(), 2.0.squareRoot()])
    }
}
