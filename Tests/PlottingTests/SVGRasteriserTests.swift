import InputErrors
import Pictures
import Plotting
import Testing

@Suite struct SVGRasteriserTests {
    private let svg = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">
        <rect x="10" y="5" width="20" height="10" fill="#c81e0a"/></svg>
        """

    private func pixel(_ image: RGBImage, _ x: Int, _ y: Int) -> [UInt8] {
        Array(image.pixels[3 * (y * image.width + x)..<3 * (y * image.width + x) + 3])
    }

    /// Colours are not exchanged, rows not turned over, and what is not drawn on is white.
    @Test func aRectangleIsDrawnInItsPlace() throws {
        let image = try SVGRasteriser().image(svg, width: 80, height: 40)
        #expect(image.width == 80 && image.height == 40)
        #expect(pixel(image, 21, 11) == [200, 30, 10] && pixel(image, 58, 28) == [200, 30, 10])
        for (x, y) in [(0, 0), (79, 39), (18, 11), (21, 8), (61, 28), (58, 31)] {
            #expect(pixel(image, x, y) == [255, 255, 255], "\(x), \(y)")
        }
    }

    /// A font is installed: text leaves ink, and more of it for more text.
    @Test func textIsDrawn() throws {
        func ink(_ text: String) throws -> Int {
            let document = """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 20">
                <text x="2" y="15" font-family="DejaVu Sans, sans-serif" font-size="13">\(text)</text></svg>
                """
            return try SVGRasteriser().image(document, width: 200, height: 20).pixels.reduce(0) { $0 + 255 - Int($1) }
        }
        #expect(try ink("") == 0)
        #expect(try ink("glyph") > 20_000)
        #expect(try ink("glyph glyph") > 2 * ink("glyph") - 1000)
    }

    @Test func whatIsNoSVGIsRefused() {
        let error = #expect(throws: InputError.self) {
            try SVGRasteriser().image("<svg", width: 10, height: 10)
        }
        #expect(error?.code == .unexpected && error?.subject == "picture" && error?.expected == "SVG")
    }

    @Test(arguments: [
        (0, 10, InputError.Code.invalidSetting), (10, -1, .invalidSetting), (32_768, 1, .tooLarge),
        (32_767, 32_767, .tooLarge), (Int.max, Int.max, .tooLarge),
    ])
    func sizesAreChecked(_ width: Int, _ height: Int, _ code: InputError.Code) {
        let error = #expect(throws: InputError.self) {
            try SVGRasteriser().image(svg, width: width, height: height)
        }
        #expect(error?.code == code && error?.found == "\(width)×\(height)")
    }

    /// A machine without librsvg is told what is missing; a library that is another one too.
    @Test(arguments: [("librsvg-none.so.2", "librsvg-none.so.2"), ("libc.so.6", "rsvg_handle_new_from_data")])
    func aMissingLibraryIsNamed(_ library: String, _ found: String) {
        #expect {
            try SVGRasteriser(library: library)
        } throws: { error in
            guard let refusal = error as? InputError else { return false }
            return refusal.subject == library && refusal.expected.contains("librsvg")
                && refusal.code == .pictureLibrary && refusal.found.contains(found)
        }
    }
}
