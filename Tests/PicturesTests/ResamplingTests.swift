import Pictures
import TestSupport
import Testing

/// Resizing against Pillow, bit by bit.
@Suite struct ResamplingTests {
    private struct Entry: Decodable {
        /// Width, then height.
        let from, to: [Int]
        let offset: Int
    }

    /// The pairs of source and expected result of one table.
    private func pairs(_ name: String) throws -> [(source: RGBImage, expected: RGBImage)] {
        let pixels = try ImageFixtures.bytes("\(name).rgb")
        let entries: [Entry] = try ImageFixtures.list(name)
        try #require(entries.count >= 15)
        return try entries.map { entry in
            let source = try ImageFixtures.image(
                pixels, width: entry.from[0], height: entry.from[1], offset: entry.offset)
            let expected = try ImageFixtures.image(
                pixels, width: entry.to[0], height: entry.to[1], offset: entry.offset + source.pixels.count)
            return (source, expected)
        }
    }

    @Test func resizingIsPillowsBilinear() throws {
        for (source, expected) in try pairs("resize") {
            let actual = Resampling.resize(source, width: expected.width, height: expected.height)
            expectEqual(actual, expected, "\(source.width)×\(source.height)")
        }
    }

    @Test func aWindowIsThePartOfTheWhole() throws {
        let pairs = try pairs("resize").filter { $0.expected.width > 2 && $0.expected.height > 2 }
        #expect(pairs.count == 15)
        for (source, expected) in pairs {
            let columns = 1..<expected.width - 1
            let rows = 2..<expected.height
            let window = Resampling.resize(
                source, width: expected.width, height: expected.height, columns: columns, rows: rows)
            var pixels: [UInt8] = []
            for y in rows {
                pixels += expected.pixels[(y * expected.width + 1) * 3..<((y + 1) * expected.width - 1) * 3]
            }
            expectEqual(
                window, RGBImage(width: columns.count, height: rows.count, pixels: pixels),
                "\(source.width)×\(source.height) to \(expected.width)×\(expected.height)")
        }
    }

    @Test func fittingIsTorchvisionsResizeAndCentreCrop() throws {
        for (source, expected) in try pairs("fit") {
            let size = (height: expected.height, width: expected.width)
            expectEqual(ImagePreprocessing.fit(source, size: size), expected, "\(source.width)×\(source.height)")

            let tensor = ImagePreprocessing.tensor(of: source, size: size)
            #expect(tensor.shape == [1, 3, expected.height, expected.width])
            let plane = expected.width * expected.height
            let values = (0..<3).flatMap { channel in
                (0..<plane).map { 2 * (Float(expected.pixels[3 * $0 + channel]) / 255) - 1 }
            }
            #expect(tensor.elements == values)
        }
    }

    /// The longer side of a thin image becomes billions of pixels; only the middle is computed.
    @Test func anExtremelyThinImageCostsNoMoreThanItsMiddle() {
        let pixels: [UInt8] = (0..<300_000).map { $0 % 3 == 0 ? UInt8($0 / 3 % 251) : 7 }
        let thin = RGBImage(width: 1, height: 100_000, pixels: pixels)
        let fitted = ImagePreprocessing.fit(thin, size: (height: 512, width: 512))
        // The middle 512 of 51,200,000 rows run from the middle of input row 49,999 to that of row 50,000.
        #expect(fitted.pixels.prefix(3) == [UInt8(49_999 % 251), 7, 7])
        #expect(fitted.pixels.suffix(3) == [UInt8(50_000 % 251), 7, 7])
    }

    @Test func aConstantImageStaysConstant() {
        for value in [UInt8(0), 1, 127, 254, 255] {
            let image = RGBImage(width: 41, height: 59, pixels: [UInt8](repeating: value, count: 41 * 59 * 3))
            for (width, height) in [(7, 11), (97, 83), (41, 60)] {
                let resized = Resampling.resize(image, width: width, height: height)
                #expect(resized.pixels.allSatisfy { $0 == value })
            }
        }
    }
}
