import Files
import Foundation
import Images
import TestSupport
import Testing

/// What decoding takes, told by an image's header.
struct DecodingCostTests {
    private struct Entry: Decodable {
        let name: String
        let width, height: Int
    }

    private func memory(_ bytes: [UInt8], limit: Double = 100) -> Int {
        ImageDecoder.memory(toDecode: MemoryBytes(name: "x", data: Data(bytes)), limitMegapixels: limit)
    }

    private func bytesPerPixel(_ name: String) -> Int {
        switch name {
        case _ where name.hasSuffix(".png"): 3
        case _ where name.hasSuffix(".webp"): 7
        case "cmyk.jpg", "ycck.jpg": 4
        case "grey-progressive.jpg": 5
        case _ where name.hasPrefix("progressive"): 9
        default: 3
        }
    }

    @Test func everyFormatIsToldByItsHeader() throws {
        let entries: [Entry] = try ImageFixtures.list("formats")
        try #require(entries.count > 70)
        for entry in entries {
            let bytes = try ImageFixtures.bytes("formats/\(entry.name)")
            #expect(memory(bytes) == entry.width * entry.height * bytesPerPixel(entry.name), "\(entry.name)")
        }
    }

    /// Megabytes of metadata stand before the frame's header, and nothing of them is an image.
    @Test func metadataIsPassedOver() throws {
        let jpeg = try ImageFixtures.bytes("formats/progressive-420.jpg")
        let segment: [UInt8] = [0xFF, 0xE1, 0xFF, 0xFF, 0xFF, 0xC0] + [UInt8](repeating: 0xFF, count: 65_531)
        let padded = jpeg[..<2] + [[UInt8]](repeating: segment, count: 40).joined() + jpeg[2...]
        #expect(memory(Array(padded)) == memory(jpeg) && memory(jpeg) > 0)
    }

    /// What is refused takes nothing; what a header does not tell may take the most.
    @Test func refusedAndUnclear() throws {
        let jpeg = try ImageFixtures.bytes("formats/baseline-420.jpg")
        #expect(memory(jpeg, limit: 1e-6) == 0)
        #expect(memory(Array("hello".utf8)) == 0 && memory([]) == 0)
        #expect(memory(Array(jpeg[..<40]), limit: 2) == 32_000_000)
        #expect(memory(Array(jpeg[..<40]), limit: .infinity) == 16 << 30)
    }
}
