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
        let resultSize: [Int]
    }

    private struct Crop: Decodable {
        struct Window: Decodable, Equatable { let left, top, width, height: Int }
        let size: [Int]
        let share: Double
        let window: Window
        let source, result: Int
    }

    private static let withoutGolden: [Distortion.Kind] = [
        .crop, .window, .screenshot, .printscan, .vae, .regenerate, .copy, .average,
    ]

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
        #expect(kinds == Set(Distortion.Kind.allCases).subtracting(Self.withoutGolden))
        for entry in entries {
            var generator = SeededGenerator(seed: entry.seed)
            let source = try Self.image(pixels, entry.size, at: entry.source)
            let actual = try Distortion(parsing: entry.spelling).apply(to: source, using: &generator)
            expectEqual(
                actual, try Self.image(pixels, entry.resultSize, at: entry.result),
                "\(entry.spelling) of \(entry.size)")
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

    /// Columns and rows are told by the pixels: the window is a part of the image, of random proportions and place.
    @Test func aRandomWindowKeepsItsPixels() throws {
        let side = 40
        let ramp = RGBImage(
            width: side, height: side,
            pixels: (0..<side * side).flatMap { [UInt8($0 % side), UInt8($0 / side), 0] })
        let distortion = try Distortion(.window, strength: 42)
        var shapes: Set<[Int]> = []
        for seed in 0..<UInt64(100) {
            var generator = SeededGenerator(seed: seed)
            let window = try distortion.apply(to: ramp, using: &generator)
            shapes.insert([window.width, window.height])
            let (left, top) = (Int(window.pixels[0]), Int(window.pixels[1]))
            #expect(left + window.width <= side && top + window.height <= side)
            for y in 0..<window.height {
                for x in 0..<window.width {
                    let at = (y * window.width + x) * 3
                    #expect(Int(window.pixels[at]) == left + x && Int(window.pixels[at + 1]) == top + y)
                }
            }
            // Both sides are rounded to whole pixels, half a pixel of 40 each.
            let area = Double(window.width * window.height) / Double(side * side)
            #expect(abs(area - 0.42) < 0.02)
            #expect((0.72...1.39).contains(Double(window.width) / Double(window.height)))
        }
        #expect(shapes.count > 5)
    }

    @Test func aScreenshotHasTheImageOnALightPage() throws {
        let blue = RGBImage(width: 20, height: 30, pixels: (0..<600).flatMap { _ in [0, 0, 200] as [UInt8] })
        for seed in 0..<UInt64(50) {
            var generator = SeededGenerator(seed: seed)
            let page = try Distortion(.screenshot).apply(to: blue, using: &generator)
            #expect((28...50).contains(page.width) && (42...75).contains(page.height))
            let places = (0..<page.width * page.height).filter {
                Array(page.pixels[$0 * 3..<$0 * 3 + 3]) == [0, 0, 200]
            }
            let columns = places.map { $0 % page.width }
            let rows = places.map { $0 / page.width }
            let (left, right) = (try #require(columns.min()), try #require(columns.max()))
            let (top, bottom) = (try #require(rows.min()), try #require(rows.max()))
            #expect(places.count == 600 && right - left == 19 && bottom - top == 29)
            let corner = page.pixels.suffix(3)
            #expect(corner.allSatisfy { $0 >= 240 } || (right == page.width - 1 && bottom == page.height - 1))
        }
    }

    /// A grey picture stays grey but for the paper's tint, and nothing is pure white or black any more.
    @Test func printingAndScanningIsMild() throws {
        let source = try Self.image(try Self.pixels(), [31, 23], at: 0)
        var errors: [Double] = []
        for strength in [0.5, 1, 2] {
            var generator = SeededGenerator(seed: 4)
            let copy = try Distortion(.printscan, strength: strength).apply(to: source, using: &generator)
            #expect(copy.width == 31 && copy.height == 23)
            let squares = zip(copy.pixels, source.pixels).map { pow(Double($0) - Double($1), 2) }
            errors.append((squares.reduce(0, +) / Double(squares.count)).squareRoot())
        }
        #expect(errors == errors.sorted() && errors[1] > 5 && errors[1] < 40, "\(errors)")
    }

    @Test func aSeedDeterminesTheResultAndAnotherOneChangesIt() throws {
        let source = try Self.image(try Self.pixels(), [31, 23], at: 0)
        for kind in [
            Distortion.Kind.noise, .crop, .brightness, .turn, .window, .perspective, .screenshot, .printscan,
        ] {
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
            let result = try Distortion(kind).apply(to: pixel, using: &generator, tools: Shifter.tools)
            #expect(result.width >= 1 && result.height >= 1, "\(kind)")
        }
    }

    @Test func redrawingIsLeftToTheModel() throws {
        let pixel = RGBImage(width: 1, height: 1, pixels: [10, 20, 30])
        func result(_ attack: String, seed: UInt64 = 3) throws -> [UInt8] {
            try Attack(parsing: attack).apply(to: pixel, seed: seed, tools: Shifter.tools).pixels
        }
        #expect(try result("vae") == [11, 21, 31])
        #expect(try result("vae:3") == [13, 23, 33])
        #expect(try result("regenerate:60")[0] == 60)
        #expect(try result("regenerate:60") == result("regenerate:60"))
        #expect(try result("regenerate:60") != result("regenerate:60", seed: 4))
        #expect(try result("regenerate:60+vae:2")[0] == 62)
        let rinsed = try result("regenerate:60+regenerate:60")
        #expect(rinsed != (try result("regenerate:60")), "each rinse has its own noise")
        #expect(try Attack(parsing: "jpeg+vae").needsModel)
        #expect(try !Attack(parsing: "jpeg").needsModel)
        #expect(refusalCode { try Attack(parsing: "vae").apply(to: pixel, seed: 1) } == .noModel)
    }

    @Test func forgeriesTakeWhatMarksHaveInCommon() throws {
        let pixel = RGBImage(width: 1, height: 1, pixels: [10, 20, 30])
        func result(_ attack: String) throws -> [UInt8] {
            try Attack(parsing: attack).apply(to: pixel, seed: 3, tools: Shifter.tools).pixels
        }
        #expect(try result("copy") == [245, 235, 225])
        // Cover 100 and 30 more on average, whatever the image is.
        #expect(try result("average:4") == [130, 0, 250])
        for attack in ["copy", "average:4", "copy+jpeg:75"] { #expect(try Attack(parsing: attack).isForgery) }
        #expect(try !Attack(parsing: "regenerate").isForgery && Attack(parsing: "average:4").crowd == 4)
        #expect(refusalCode { try Attack(parsing: "average").apply(to: pixel, seed: 1) } == .invalidSetting)
    }

    @Test func anImageWithoutPixelsIsRefused() throws {
        let empty = RGBImage(width: 0, height: 3, pixels: [])
        for kind in Distortion.Kind.allCases {
            var generator = SeededGenerator(seed: 3)
            let code = refusalCode {
                try Distortion(kind).apply(to: empty, using: &generator, tools: Shifter.tools)
            }
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
        "rotation:75:2", " jpeg", "shift:101", "vflip:1", "quarter:45", "quarter:0", "quarter:360", "turn:-1",
        "aspect:0", "scale:0", "letterbox:0", "perspective:61", "screenshot:50", "window:0",
        "vae:0", "vae:1.5", "regenerate:0", "regenerate:1000",
    ])
    func otherSpellingsAreRefused(_ text: String) {
        #expect(refusalCode { try Distortion(parsing: text) } == .invalidSetting)
    }
}

/// A model that adds one to each sample, and regenerates as its timestep and seed.
private struct Shifter: Redrawer, Crowd {
    static let tools = AttackTools(redrawer: Shifter(), crowd: Shifter())

    func copyNoise(of image: RGBImage, seed: UInt64) throws -> RGBImage {
        RGBImage(width: image.width, height: image.height, pixels: image.pixels.map { 255 - $0 })
    }

    /// Of one pixel each.
    func draw(_ count: Int, seed: UInt64) throws -> (marked: [RGBImage], clean: [RGBImage], cover: RGBImage) {
        func pixel(_ value: Int) -> RGBImage { RGBImage(width: 1, height: 1, pixels: [UInt8(value), 0, 250]) }
        return ((0..<count).map { pixel(30 + 2 * $0) }, (0..<count).map { pixel(2 * $0) }, pixel(100))
    }

    func reconstruct(_ image: RGBImage) throws -> RGBImage {
        RGBImage(width: image.width, height: image.height, pixels: image.pixels.map { $0 &+ 1 })
    }

    func regenerate(_ image: RGBImage, timestep: Double, seed: UInt64) throws -> RGBImage {
        let pixels = image.pixels.indices.map { $0 % 3 == 0 ? UInt8(timestep) : UInt8(truncatingIfNeeded: seed) }
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }
}
