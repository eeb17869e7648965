import Attacks
import Foundation
import InputErrors
import Pictures
import RandomNumbers
import TestSupport
import Testing

/// Distortions against Pillow and torchvision, sample by sample, on images of 31×23, 16×29 and 24×24 pixels.
/// The tolerance is 0 throughout: the algorithms are integer or single-precision ones that can be followed exactly.
@Suite struct DistortionTests {
    private struct Entry: Decodable {
        let spelling: String
        /// Width, then height.
        let size: [Int]
        let seed: UInt64
        let source, result: Int
    }

    private struct Crop: Decodable {
        struct Window: Decodable, Equatable { let left, top, width, height: Int }
        let size: [Int]
        let share: Double
        let window: Window
        let source, result: Int
    }

    private static func list<Element: Decodable>(_ name: String) throws -> [Element] {
        try JSONDecoder().decode([Element].self, from: Data(contentsOf: Fixtures.url("Distortions/\(name).json")))
    }

    private static func pixels() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Fixtures.url("Distortions/distortions.rgb")))
    }

    private static func image(_ pixels: [UInt8], _ size: [Int], at offset: Int) throws -> RGBImage {
        try ImageFixtures.image(pixels, width: size[0], height: size[1], offset: offset)
    }

    @Test func distortionsArePillowsAndTorchvisions() throws {
        let pixels = try Self.pixels()
        let entries: [Entry] = try Self.list("distortions")
        let kinds = Set(try entries.map { try Distortion(parsing: $0.spelling).kind })
        #expect(kinds == Set(Distortion.Kind.allCases).subtracting([.crop]))
        for entry in entries {
            var generator = SeededGenerator(seed: entry.seed)
            let source = try Self.image(pixels, entry.size, at: entry.source)
            let actual = try Distortion(parsing: entry.spelling).apply(to: source, using: &generator)
            expectEqual(
                actual, try Self.image(pixels, entry.size, at: entry.result), "\(entry.spelling) of \(entry.size)")
        }
    }

    @Test func aWindowIsTorchvisionsResizedCrop() throws {
        let pixels = try Self.pixels()
        let crops: [Crop] = try Self.list("crops")
        #expect(crops.count == 9)
        for crop in crops {
            let source = try Self.image(pixels, crop.size, at: crop.source)
            let window = CropAndRescale.window(source, area: crop.share)
            #expect(window.width == crop.window.width && window.height == crop.window.height)
            let actual = CropAndRescale.crop(
                source, left: crop.window.left, top: crop.window.top, width: crop.window.width,
                height: crop.window.height)
            expectEqual(actual, try Self.image(pixels, crop.size, at: crop.result), "\(crop.window)")
        }
    }

    /// A ramp tells the place of the window by its first pixel: all places come, none outside.
    @Test func theRandomWindowIsAnywhere() throws {
        let side = 20
        let ramp = RGBImage(
            width: side, height: side, pixels: (0..<side * side * 3).map { UInt8($0 / 3 % side * 10) })
        let crop = try Distortion(.crop, strength: 49)
        let lefts = try (0..<UInt64(200)).map { seed in
            var generator = SeededGenerator(seed: seed)
            return try Int(crop.apply(to: ramp, using: &generator).pixels[0]) / 10
        }
        // 14 of 20 columns, so that the first is 0 to 6; each is missed by 200 draws with a chance of 4e-14.
        #expect(Set(lefts) == Set(0...6))
    }

    @Test func aSeedDeterminesTheResultAndAnotherOneChangesIt() throws {
        let source = try Self.image(try Self.pixels(), [31, 23], at: 0)
        for kind in [Distortion.Kind.noise, .crop, .brightness] {
            let distortion = try Distortion(kind)
            func result(_ seed: UInt64) throws -> RGBImage {
                var generator = SeededGenerator(seed: seed)
                return try distortion.apply(to: source, using: &generator)
            }
            #expect(try result(1) == result(1), "\(kind)")
            #expect(try result(1) != result(2), "\(kind)")
        }
    }

    @Test func onePixelSurvivesEverything() throws {
        let pixel = RGBImage(width: 1, height: 1, pixels: [10, 200, 90])
        for kind in Distortion.Kind.allCases {
            var generator = SeededGenerator(seed: 3)
            let result = try Distortion(kind).apply(to: pixel, using: &generator)
            #expect(result.width == 1 && result.height == 1, "\(kind)")
        }
    }

    @Test func anImageWithoutPixelsIsRefused() throws {
        let empty = RGBImage(width: 0, height: 3, pixels: [])
        for kind in Distortion.Kind.allCases {
            var generator = SeededGenerator(seed: 3)
            let code = refusalCode { try Distortion(kind).apply(to: empty, using: &generator) }
            #expect(code == .wrongShape, "\(kind)")
        }
    }

    @Test func spellingsAreReadBackAsTheyWereWritten() throws {
        for kind in Distortion.Kind.allCases {
            let standard = try Distortion(kind)
            #expect(try Distortion(parsing: kind.rawValue) == standard)
            #expect(try Distortion(parsing: standard.description) == standard)
            #expect(kind.help.spelling == standard.description)
        }
        #expect("\(try Distortion(parsing: "noise:0.10"))" == "noise:0.1")
        #expect("\(try Distortion(parsing: "jpeg:50"))" == "jpeg:50")
        #expect("\(try Distortion(parsing: "rotation:-7.5"))" == "rotation:-7.5")
    }

    @Test(arguments: [
        "", "jepg", "JPEG", "jpeg:", "jpeg:high", "jpeg:0", "jpeg:101", "jpeg:50.5", "jpeg:nan", "blur:-1", "blur:inf",
        "flip:1", "none:0.5", "median:4", "median:0", "crop:0", "crop:101", "resize:0", "gamma:0", "noise:-0.1",
        "rotation:75:2", " jpeg", "shift:101",
    ])
    func otherSpellingsAreRefused(_ text: String) {
        #expect(refusalCode { try Distortion(parsing: text) } == .invalidSetting)
    }
}
