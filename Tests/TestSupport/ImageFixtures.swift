import Foundation
import Pictures
import Testing

/// `Tests/Fixtures/Images`, made by `make_images.py` there.
package enum ImageFixtures {
    package static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Fixtures.url("Images/\(path)")))
    }

    package static func list<Entry: Decodable>(_ name: String) throws -> [Entry] {
        try JSONDecoder().decode([Entry].self, from: Data(contentsOf: Fixtures.url("Images/\(name).json")))
    }

    /// An image among the raw pixels of a `.rgb` file.
    package static func image(_ bytes: [UInt8], width: Int, height: Int, offset: Int) throws -> RGBImage {
        let end = offset + width * height * 3
        try #require(end <= bytes.count)
        return RGBImage(width: width, height: height, pixels: Array(bytes[offset..<end]))
    }
}

/// Expects two images to be equal, or to differ by `tolerance` at most, and reports the worst sample otherwise.
package func expectEqual(
    _ actual: RGBImage, _ expected: RGBImage, tolerance: Int = 0, _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.width == expected.width, actual.height == expected.height else {
        Issue.record(
            "\(comment) is \(actual.width)×\(actual.height), expected \(expected.width)×\(expected.height)",
            sourceLocation: sourceLocation)
        return
    }
    expectClose(
        actual.pixels.map(Double.init), expected.pixels.map(Double.init), absolute: Double(tolerance), comment,
        sourceLocation: sourceLocation)
}
