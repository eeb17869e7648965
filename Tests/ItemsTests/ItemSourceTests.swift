import Cryptography
import Foundation
import Images
import InputErrors
import Items
import Pictures
import Testing

/// The seam of items: a source that is no file beside those of the product.
@Suite struct ItemSourceTests {
    /// A picture that is computed when it is asked for.
    private struct Gradient: ItemSource {
        let name: String
        let side: Int

        func item(limitMegapixels: Double) throws -> Item {
            guard Double(side * side) <= limitMegapixels * 1e6 else {
                throw InputError(name, expected: "at most \(limitMegapixels) megapixels", found: "more", as: .tooLarge)
            }
            let pixels = (0..<side * side * 3).map { UInt8($0 % 251) }
            return Item(
                name: name, sha256: SHA256.hash(pixels).hexadecimal, bytes: pixels.count,
                image: RGBImage(width: side, height: side, pixels: pixels), seconds: 0)
        }
    }

    @Test func sourcesOfAllKindsGiveTheSameItem() throws {
        let drawn = try Gradient(name: "g", side: 24).item(limitMegapixels: 1)
        let file = try Data(PNGEncoder.encode(drawn.image))
        let path = NSTemporaryDirectory() + "item-\(UInt64.random(in: 0 ... .max)).png"
        try file.write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let sources: [any ItemSource] = [ImageFile(path), EncodedImage(name: "upload", content: file)]
        for source in sources {
            let item = try source.item(limitMegapixels: 1)
            #expect(item.name == source.name)
            #expect(item.image == drawn.image)
            #expect(item.bytes == file.count)
            #expect(item.sha256 == SHA256.hash([UInt8](file)).hexadecimal)
        }
    }

    @Test func everySourceKeepsTheLimit() throws {
        let picture = try Gradient(name: "g", side: 300).item(limitMegapixels: 1).image
        let file = try Data(PNGEncoder.encode(picture))
        let sources: [any ItemSource] = [Gradient(name: "g", side: 300), EncodedImage(name: "u", content: file)]
        for source in sources {
            let error = #expect(throws: InputError.self) { try source.item(limitMegapixels: 0.05) }
            #expect(error?.code == .tooLarge && error?.subject == source.name)
        }
    }
}
