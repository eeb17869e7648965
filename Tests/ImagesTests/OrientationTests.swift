import Images
import InputErrors
import Pictures
import TestSupport
import Testing

/// Orientation tags, and what is made of them, against Pillow's `ImageOps.exif_transpose`.
@Suite struct OrientationTests {
    private struct Entry: Decodable {
        let name: String
        let value, width, height, offset: Int
    }

    private func picture(_ name: String) throws -> DecodedPicture {
        try ImageDecoder.picture(ImageFixtures.bytes("orientation/\(name)"), named: name)
    }

    @Test func everyOrientationIsShownAsPillowShowsIt() throws {
        let pixels = try ImageFixtures.bytes("orientation.rgb")
        let entries: [Entry] = try ImageFixtures.list("orientation")
        try #require(entries.count == 24)
        for entry in entries {
            let picture = try picture(entry.name)
            #expect(picture.orientation.rawValue == entry.value, "\(entry.name)")
            let shown = try ImageFixtures.image(
                pixels, width: entry.width, height: entry.height, offset: entry.offset)
            expectEqual(picture.orientation.applied(to: picture.image), shown, entry.name)
        }
    }

    @Test(arguments: ["late.png", "long.png"]) func theTagIsFoundWhereverItStands(name: String) throws {
        #expect(try picture(name).orientation == .turnedRight)
    }

    @Test(arguments: ["zero", "nine", "text", "torn", "short", "far", "nothing"])
    func whatIsNoOrientationIsNone(name: String) throws {
        #expect(try picture("odd/\(name).png").orientation == .asStored)
    }

    /// A tag that a file breaks off in, or whose bits are flipped, is read or not; it never traps.
    @Test(arguments: ["6.jpg", "6.webp", "6.png"]) func damagedTagsNeverTrap(name: String) throws {
        let bytes = try ImageFixtures.bytes("orientation/\(name)")
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] = damaged[index] == 0xFF ? 0 : 0xFF
            for variant in [damaged, Array(bytes[..<index])] {
                do {
                    _ = try ImageDecoder.picture(variant, named: name, limitMegapixels: 1)
                } catch is InputError {
                    continue
                }
            }
        }
    }
}
