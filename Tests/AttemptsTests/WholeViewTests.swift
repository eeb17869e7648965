import Attempts
import Pictures
import RandomNumbers
import Tensors
import Testing

/// All of a picture in the model's frame.
@Suite struct WholeViewTests {
    private func picture(_ width: Int, _ height: Int, bar: Int = 0) -> RGBImage {
        var generator = SeededGenerator(seed: UInt64(width))
        return RGBImage(
            width: width, height: height,
            pixels: (0..<width * height * 3).map {
                let value = UInt8(truncatingIfNeeded: generator.next())
                return $0 / 3 / width < bar ? 0 : value
            })
    }

    @Test func aPictureOfTheModelsSizeIsThePlainView() {
        let image = picture(24, 18)
        let (whole, plain) = (
            WholeView().frame(of: image, size: (18, 24)), PlainView().frame(of: image, size: (18, 24))
        )
        #expect(whole.pixels.elements == plain.pixels.elements && whole.pixels.shape == plain.pixels.shape)
        #expect(whole.mask == nil && whole.stretch == 1 && plain.mask == nil && plain.stretch == 1)
        #expect([plain, whole].sources == [0, 0])
    }

    /// Nothing is cut off: both sides are resized, and the file's proportions are told.
    @Test(arguments: [(48, 18, 2.0), (24, 36, 0.5), (36, 27, 1), (7, 31, 7.0 * 18 / (31 * 24))])
    func otherProportionsAreSqueezed(width: Int, height: Int, stretch: Double) {
        let image = picture(width, height)
        let frame = WholeView().frame(of: image, size: (18, 24))
        let squeezed = Resampling.resize(image, width: 24, height: 18)
        #expect(frame.pixels.elements == ImagePreprocessing.unitRange(of: squeezed).elements)
        #expect(frame.pixels.shape == [1, 3, 18, 24] && abs(frame.stretch - stretch) < 1e-12)
    }

    /// Masked, grown by two rows, and filled: black is gone.
    @Test func aBorderIsMaskedAndFilled() throws {
        let image = picture(40, 40, bar: 10)
        let frame = WholeView().frame(of: image, size: (40, 40))
        let mask = try #require(frame.mask)
        #expect(mask.shape == [1, 1, 40, 40])
        #expect(mask.elements.enumerated().allSatisfy { $1 == ($0 / 40 < 12 ? 0 : 1) })
        let plain = PlainView().frame(of: image, size: (40, 40))
        #expect([plain, frame].sources == [0, 1])
        for (index, (own, other)) in zip(frame.pixels.elements, plain.pixels.elements).enumerated() {
            if index % 1600 >= 480 { #expect(own == other) } else { #expect(own > -1) }
        }
    }

    @Test(arguments: [(1, 50), (50, 1), (1, 1)]) func picturesOfOneColumnAreNoTrap(width: Int, height: Int) {
        let frame = WholeView().frame(of: picture(width, height), size: (18, 24))
        #expect(frame.pixels.isFinite && frame.pixels.shape == [1, 3, 18, 24])
    }
}
