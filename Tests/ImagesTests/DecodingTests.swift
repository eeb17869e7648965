import Foundation
import Images
import InputErrors
import TestSupport
import Testing

/// Every format variant against Pillow's `convert("RGB")`, sample by sample.
@Suite struct DecodingTests {
    private struct Entry: Decodable {
        let name: String
        let width, height, offset: Int
    }

    @Test func everyFormatIsReadAsPillowReadsIt() throws {
        let pixels = try ImageFixtures.bytes("formats.rgb")
        let entries: [Entry] = try ImageFixtures.list("formats")
        try #require(entries.count > 70)
        for entry in entries {
            let expected = try ImageFixtures.image(
                pixels, width: entry.width, height: entry.height, offset: entry.offset)
            let actual = try ImageFile.read(Fixtures.url("Images/formats/\(entry.name)").path)
            // PNG and lossless WebP are exact by definition. JPEG and lossy WebP are exact here too: the accurate
            // inverse transform is specified bit by bit, with and without SIMD.
            expectEqual(actual, expected, entry.name)
        }
    }

    @Test func theFormatIsToldByTheContentAndNotByTheName() throws {
        let jpeg = try ImageFixtures.bytes("formats/baseline-420.jpg")
        let image = try ImageDecoder.decode(jpeg, named: "picture.png")
        #expect((image.width, image.height) == (37, 23))
    }

    @Test func orientationIsNotApplied() throws {
        let turned = try ImageDecoder.decode(ImageFixtures.bytes("formats/exif-rotated.jpg"), named: "exif-rotated.jpg")
        let plain = try ImageDecoder.decode(ImageFixtures.bytes("formats/baseline-420.jpg"), named: "baseline-420.jpg")
        #expect((turned.width, turned.height) == (plain.width, plain.height))
    }

    @Test(arguments: ["rgb8.png", "baseline-420.jpg", "lossy.webp"])
    func theLimitIsOnPixels(name: String) throws {
        let bytes = try ImageFixtures.bytes("formats/\(name)")
        let image = try ImageDecoder.decode(bytes, named: name)
        let megapixels = Double(image.width * image.height) / 1e6
        #expect(try ImageDecoder.decode(bytes, named: name, limitMegapixels: megapixels) == image)
        #expect(try ImageDecoder.decode(bytes, named: name, limitMegapixels: .infinity) == image)
        for tooLow in [megapixels - 1e-6, 0, -1, -.infinity, .nan] {
            let code = refusalCode { try ImageDecoder.decode(bytes, named: name, limitMegapixels: tooLow) }
            #expect(code == .tooLarge, "\(tooLow)")
        }
    }
}
