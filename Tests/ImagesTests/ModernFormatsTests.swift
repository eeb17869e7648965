import Images
import InputErrors
import Pictures
import TestSupport
import Testing

/// HEIC, AVIF and JPEG XL against what Pillow and its plug-ins show.
@Suite struct ModernFormatsTests {
    private struct Entry: Decodable {
        let name: String
        let frames, orientation, bits, tolerance, width, height, offset: Int
    }

    @Test func everyFileIsShownAsPillowShowsIt() throws {
        let pixels = try ImageFixtures.bytes("modern.rgb")
        let entries: [Entry] = try ImageFixtures.list("modern")
        try #require(entries.count >= 25)
        for entry in entries {
            let picture = try ImageDecoder.picture(ImageFixtures.bytes("modern/\(entry.name)"), named: entry.name)
            let expected = try ImageFixtures.image(
                pixels, width: entry.width, height: entry.height, offset: entry.offset)
            // Another version of the decoder rounds colours in another way.
            expectEqual(
                picture.orientation.applied(to: picture.image), expected, tolerance: entry.tolerance, entry.name)
            #expect(picture.orientation.rawValue == entry.orientation, "\(entry.name)")
            let notes: [PictureNote] =
                (entry.frames > 1 ? [.firstFrameOnly(of: entry.frames)] : [])
                + (entry.bits > 8 ? [.bitDepthReduced(from: entry.bits)] : [])
            #expect(picture.notes == notes, "\(entry.name)")
        }
    }

    /// A torn or damaged file is refused or read; it never traps, and its size never changes after it was checked.
    @Test(arguments: ["orientation-6.avif", "frames.avif", "grey.heic", "grey.jxl", "animated.jxl"])
    func tornAndDamagedFilesNeverTrap(name: String) throws {
        let bytes = try ImageFixtures.bytes("modern/\(name)")
        for index in stride(from: 0, to: bytes.count, by: 3) {
            var damaged = bytes
            damaged[index] = index % 2 == 0 ? 0xFF : damaged[index] ^ UInt8(1 << (index % 8))
            for variant in [damaged, Array(bytes[..<index])] {
                do {
                    _ = try ImageDecoder.picture(variant, named: name, limitMegapixels: 0.01)
                } catch is InputError {
                    continue
                }
            }
        }
    }

    /// heif-enc of Debian's libheif-examples keeps the EXIF of a JPEG and writes no `irot`.
    @Test func anOrientationInEXIFAloneIsTold() throws {
        let picture = try ImageDecoder.picture(ImageFixtures.bytes("modern/exif-6.heic"), named: "exif-6.heic")
        let stored = try ImageDecoder.picture(ImageFixtures.bytes("orientation/6.jpg"), named: "6.jpg")
        #expect(picture.orientation == stored.orientation && picture.orientation != .asStored)
        #expect((picture.image.width, picture.image.height) == (stored.image.width, stored.image.height))
    }

    /// Boxes within boxes: each level would take the stack if it were followed.
    @Test func nestedBoxesNeverTrap() throws {
        var bytes = try ImageFixtures.bytes("modern/grey.heic")
        let depth = 200_000
        for level in 0..<depth {
            let size = UInt32(8 * (depth - level))
            bytes += withUnsafeBytes(of: size.bigEndian, Array.init) + Array("moov".utf8)
        }
        #expect(try ImageDecoder.picture(bytes, named: "nested").notes == [])
    }

    @Test(arguments: ["444.avif", "444.heic", "lossless.jxl"]) func theLimitIsOnPixels(name: String) throws {
        let bytes = try ImageFixtures.bytes("modern/\(name)")
        #expect(refusalCode { try ImageDecoder.decode(bytes, named: name, limitMegapixels: 0.0008) } == .tooLarge)
    }
}
