import Images
import InputErrors
import Pictures
import RandomNumbers
import Tensors
import TestSupport
import Testing

/// Encoders, and images from tensors.
@Suite struct EncodingTests {
    private struct Entry: Decodable {
        let quality: Int
        let subsampling: String
        let offset: Int
    }

    @Test func pngRoundTripsExactlyAndRepeatably() throws {
        let pixels = try ImageFixtures.bytes("encode.rgb")
        for (width, height) in [(53, 39), (1, 1), (1, 77), (77, 1)] {
            let image = try ImageFixtures.image(pixels, width: width, height: height, offset: 0)
            let file = try PNGEncoder.encode(image)
            #expect(try ImageDecoder.decode(file, named: "round trip") == image)
            #expect(try PNGEncoder.encode(image) == file)
        }
    }

    /// Noise does not compress: the file is larger than the pixels.
    @Test func pngHoldsNoiseOfManyMegabytes() throws {
        var generator = SeededGenerator(seed: 7)
        let (width, height) = (2001, 1501)
        let pixels = (0..<width * height * 3).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 24) }
        let image = RGBImage(width: width, height: height, pixels: pixels)
        let file = try PNGEncoder.encode(image)
        #expect(file.count > pixels.count)
        #expect(try ImageDecoder.decode(file, named: "noise") == image)
    }

    @Test func jpegIsAsPillowWritesIt() throws {
        let pixels = try ImageFixtures.bytes("encode.rgb")
        let source = try ImageFixtures.image(pixels, width: 53, height: 39, offset: 0)
        let entries: [Entry] = try ImageFixtures.list("encode")
        try #require(entries.count == 5)
        for entry in entries {
            let subsampling = try #require(JPEGEncoder.Subsampling.allCases.first { "\($0)" == entry.subsampling })
            let file = try JPEGEncoder.encode(source, quality: entry.quality, subsampling: subsampling)
            let expected = try ImageFixtures.image(pixels, width: 53, height: 39, offset: entry.offset)
            // The accurate forward transform and the standard tables leave no room: the pixels that come back are equal.
            expectEqual(
                try ImageDecoder.decode(file, named: "round trip"), expected, "\(entry.quality) \(entry.subsampling)")
        }
        #expect(
            try JPEGEncoder.encode(source, quality: 75)
                == JPEGEncoder.encode(source, quality: 75, subsampling: .yuv420))
    }

    @Test(arguments: [0, -1, 101, Int.max])
    func jpegRefusesAnotherQuality(quality: Int) {
        let image = RGBImage(width: 1, height: 1, pixels: [1, 2, 3])
        #expect(throws: InputError("JPEG quality", expected: "1 to 100", found: "\(quality)", as: .invalidSetting)) {
            try JPEGEncoder.encode(image, quality: quality)
        }
    }

    @Test func whatCannotBeEncodedIsRefused() {
        let empty = RGBImage(width: 0, height: 3, pixels: [])
        #expect(refusalCode { try PNGEncoder.encode(empty) } == .wrongShape)
        #expect(refusalCode { try JPEGEncoder.encode(empty, quality: 75) } == .wrongShape)
        let long = RGBImage(width: 65_501, height: 1, pixels: [UInt8](repeating: 0, count: 65_501 * 3))
        #expect(refusalCode { try JPEGEncoder.encode(long, quality: 75) } == .tooLarge)
    }

    /// `np.round((np.float32(x) / 2 + 0.5).clip(0, 1) * 255)` for each of the values.
    @Test func tensorsAreRoundedHalfToEven() throws {
        let values: [(Float, UInt8)] = [
            (-1, 0), (1, 255), (0, 128), (-2, 0), (5, 255), (-.infinity, 0), (.infinity, 255), (0.5, 191), (-0.5, 64),
            (-0.99607843, 0), (-0.99, 1), (0.996, 254), (0.997, 255), (-0.0, 128), (.leastNonzeroMagnitude, 128),
        ]
        let pixelCount = values.count / 3
        let elements = values.map(\.0)
        let image = try RGBImage(tensor: Tensor(elements, shape: [3, 1, pixelCount]))
        for (index, (value, expected)) in values.enumerated() {
            let (channel, pixel) = (index / pixelCount, index % pixelCount)
            #expect(image.pixels[3 * pixel + channel] == expected, "\(value)")
        }
        #expect(try RGBImage(tensor: Tensor(elements, shape: [1, 3, 1, pixelCount])) == image)
    }

    @Test func everyByteSurvivesTheWayThroughATensor() throws {
        let image = RGBImage(width: 32, height: 8, pixels: (0..<768).map { UInt8($0 / 3 ^ ($0 % 3) * 85) })
        let tensor = ImagePreprocessing.tensor(of: image, size: (height: 8, width: 32))
        #expect(try RGBImage(tensor: tensor) == image)
    }

    @Test func tensorsThatAreNoImageAreRefused() {
        let shapes = [[3], [2, 3, 4, 4], [1, 4, 4, 4], [4, 4], [1, 1, 3, 4, 4]]
        for shape in shapes {
            #expect(refusalCode { try RGBImage(tensor: Tensor(zeros: shape)) } == .wrongShape)
        }
        var elements = [Float](repeating: 0, count: 3 * 5 * 7)
        elements[52] = .nan
        #expect(throws: InputError("decoded image", expected: "numbers", found: "NaN", as: .notFinite)) {
            try RGBImage(tensor: Tensor(elements, shape: [1, 3, 5, 7]))
        }
    }
}
