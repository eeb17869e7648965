import Images
import InputErrors
import Pictures
import TestSupport
import Testing

/// GIF, BMP and TIFF against what Pillow shows, sample by sample.
@Suite struct OtherFormatsTests {
    private struct Entry: Decodable {
        let name: String
        let frames, orientation, bits, width, height, offset: Int
    }

    @Test func everyFileIsShownAsPillowShowsIt() throws {
        let pixels = try ImageFixtures.bytes("other.rgb")
        let entries: [Entry] = try ImageFixtures.list("other")
        try #require(entries.count > 55)
        for entry in entries {
            let picture = try ImageDecoder.picture(ImageFixtures.bytes("other/\(entry.name)"), named: entry.name)
            let expected = try ImageFixtures.image(
                pixels, width: entry.width, height: entry.height, offset: entry.offset)
            // Pillow and libtiff round the product of an ink and black differently.
            let tolerance = entry.name == "cmyk.tif" ? 1 : 0
            expectEqual(
                picture.orientation.applied(to: picture.image), expected, tolerance: tolerance, entry.name)
            #expect(picture.orientation.rawValue == entry.orientation, "\(entry.name)")
            let notes: [PictureNote] =
                (entry.frames > 1 ? [.firstFrameOnly(of: entry.frames)] : [])
                + (entry.bits > 8 ? [.bitDepthReduced(from: entry.bits)] : [])
            #expect(picture.notes == notes, "\(entry.name)")
        }
    }

    /// A prefix of a file gives its picture or is refused; what may be missing follows the first frame.
    @Test(arguments: [
        "interlaced.gif", "frames.gif", "no-palette.gif", "565.bmp", "runs-8.bmp", "runs-4.bmp", "os2.bmp", "l.tif",
        "tiff_lzw.tif", "pages.tif", "tiles.tif",
    ])
    func everyPrefixDecodesOrIsRefused(name: String) throws {
        let bytes = try ImageFixtures.bytes("other/\(name)")
        let whole = try ImageDecoder.decode(bytes, named: name)
        for count in bytes.indices {
            do {
                let image = try ImageDecoder.decode(Array(bytes[..<count]), named: name)
                #expect(image == whole, "\(name) cut to \(count) of \(bytes.count) bytes is another image")
            } catch is InputError {
                continue
            }
        }
    }

    @Test(arguments: [
        "interlaced.gif", "placed.gif", "long.gif", "fields.bmp", "runs-8.bmp", "runs-4.bmp", "one-bit.bmp", "p.tif",
        "jpeg.tif", "group4.tif", "tiff_adobe_deflate.tif", "premultiplied.tif", "orientation-6.tif", "pages.tif",
    ])
    func everyDamagedByteDecodesOrIsRefused(name: String) throws {
        let bytes = try ImageFixtures.bytes("other/\(name)")
        for index in bytes.indices.prefix(400) + bytes.indices.suffix(200) {
            var damaged = bytes
            damaged[index] = index % 2 == 0 ? 0xFF : damaged[index] ^ UInt8(1 << (index % 8))
            do {
                _ = try ImageDecoder.picture(damaged, named: name, limitMegapixels: 1)
            } catch is InputError {
                continue
            }
        }
    }

    /// What a header promises is held against the limit before memory is taken.
    @Test(arguments: [
        ("palette.gif", 6), ("rgb.bmp", 18), ("rgb.bmp", 22),
    ]) func sizesAreCheckedFirst(name: String, offset: Int) throws {
        var bytes = try ImageFixtures.bytes("other/\(name)")
        bytes[offset] = 0xFF
        bytes[offset + 1] = 0xFF
        #expect(refusalCode { try ImageDecoder.decode(bytes, named: name, limitMegapixels: 1) } == .tooLarge)
    }

    @Test func aMissingLibraryIsNamed() {
        let missing = ImageLibrary("libnone, which reads nothing", package: "libnone1", fileNames: ["libnone.so.1"])
        let library = LoadedLibrary(missing) { name in
            #expect(name == "libnone.so.1")
            return (nil, nil)
        }
        #expect(
            throws: InputError("a.tif", expected: "libnone, which reads nothing", found: "no reason", as: .unsupported)
        ) { try library.require(for: "a.tif") }
    }
}
