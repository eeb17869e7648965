import Images
import InputErrors
import Pictures
import TestSupport
import Testing

/// Files of several frames: the first as Pillow shows it, and how many there are.
@Suite struct AnimationTests {
    private struct Entry: Decodable {
        let name: String
        let frames, width, height, offset: Int
    }

    @Test func theFirstFrameIsReadAndTheOthersAreCounted() throws {
        let pixels = try ImageFixtures.bytes("animated.rgb")
        let entries: [Entry] = try ImageFixtures.list("animated")
        try #require(entries.count >= 10)
        for entry in entries {
            let picture = try ImageDecoder.picture(
                ImageFixtures.bytes("animated/\(entry.name)"), named: entry.name)
            let expected = try ImageFixtures.image(
                pixels, width: entry.width, height: entry.height, offset: entry.offset)
            expectEqual(picture.image, expected, entry.name)
            let notes: [PictureNote] = entry.frames > 1 ? [.firstFrameOnly(of: entry.frames)] : []
            #expect(picture.notes == notes, "\(entry.name)")
        }
    }

    /// The first frame is whole or the file is refused; what follows it may be missing.
    @Test(arguments: ["alpha.webp", "placed.webp", "frames.png"]) func tornAnimationsNeverTrap(name: String) throws {
        let bytes = try ImageFixtures.bytes("animated/\(name)")
        let whole = try ImageDecoder.decode(bytes, named: name)
        for index in bytes.indices {
            if let image = try? ImageDecoder.decode(Array(bytes[..<index]), named: name) { #expect(image == whole) }
            var damaged = bytes
            damaged[index] ^= UInt8(1 << (index % 8))
            do {
                _ = try ImageDecoder.picture(damaged, named: name, limitMegapixels: 1)
            } catch is InputError {
                continue
            }
        }
    }
}
