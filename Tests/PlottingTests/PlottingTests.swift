import Images
import Plotting
import Testing

@Suite struct CanvasTests {
    private func darkness(_ image: RGBImage) -> Double {
        Double(image.pixels.reduce(0) { $0 + 255 - Int($1) }) / (3 * 255)
    }

    /// An antialiased line covers its length times its width, whatever its direction.
    @Test(arguments: [(0.0, 60.0), (60.0, 0.0), (43.0, 42.0), (57.0, -19.0)])
    func lineCoverage(_ dx: Double, _ dy: Double) {
        var canvas = Canvas(width: 120, height: 120)
        let black = Colour(0, 0, 0)
        canvas.line(from: (40, 40), to: (40 + dx, 40 + dy), width: 2, black)
        let length = (dx * dx + dy * dy).squareRoot()
        // The round ends add about a disc of the line's width.
        #expect(abs(darkness(canvas.image) - (2 * length + 3.1)) < 0.05 * length + 2)
    }

    @Test func drawingOutsideIsCutOff() {
        var canvas = Canvas(width: 20, height: 10)
        canvas.fill(x: -5, y: -5, width: 100, height: 8, .black)
        canvas.disc(centre: (500, 500), radius: 10, .black)
        canvas.circle(centre: (-50, 3), radius: 2, .black)
        canvas.text("outside", x: 200, y: -90)
        for y in 0..<10 {
            for x in 0..<20 {
                #expect(canvas.image.pixels[(y * 20 + x) * 3] == (y < 3 ? 20 : 255))
            }
        }
    }

    @Test func imagesAreScaledByNearestAndMean() {
        let image = RGBImage(width: 2, height: 1, pixels: [0, 0, 0, 200, 200, 200])
        var canvas = Canvas(width: 4, height: 2)
        canvas.draw(image, x: 0, y: 0, width: 4, height: 2)
        #expect(
            canvas.image.pixels.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) == [
                0, 0, 200, 200, 0, 0, 200, 200,
            ])
        canvas.draw(image, x: 0, y: 0, width: 1, height: 1)
        #expect(canvas.image.pixels[0] == 100)
    }

    @Test func textHasItsWidthAndUnknownSignsABox() {
        #expect(BitmapFont.width("abc", scale: 2) == 34)
        var known = Canvas(width: 10, height: 10)
        known.text("i", x: 0, y: 0)
        var unknown = Canvas(width: 10, height: 10)
        unknown.text("\u{4E2D}", x: 0, y: 0)
        #expect(darkness(unknown.image) > darkness(known.image))
    }

    @Test(arguments: [
        (0.0, 10.0, 5, [0.0, 2, 4, 6, 8, 10]), (-1.0, 1.0, 4, [-1, -0.5, 0, 0.5, 1]), (0.0, 0.07, 3, [0, 0.05]),
        (3.0, 3.0, 5, [3]),
    ])
    func ticksAreRound(_ low: Double, _ high: Double, _ count: Int, _ expected: [Double]) {
        let ticks = Axes.ticks(low...high, count: count)
        #expect(ticks.count == expected.count)
        for (tick, value) in zip(ticks, expected) { #expect(abs(tick - value) < 1e-9) }
    }
}

@Suite struct EvidencePictureTests {
    private func picture(
        channels: Int, header: [String] = ["watermarked"],
        image: RGBImage = RGBImage(width: 1, height: 1, pixels: [9, 9, 9]),
        comparison: EvidencePicture.Comparison, decoys: [Float] = [], value: Float = 1
    ) -> EvidencePicture {
        EvidencePicture(
            header: header, picture: image,
            spectra: (0..<channels).map {
                .init(channel: $0, rows: [[Float]](repeating: [value, value, value], count: 2), radii: [(1.5, 1.5)])
            }, comparison: comparison, decoyCosines: decoys, cosine: 0)
    }

    /// Constant planes, one number, no decoys, an extreme image, many channels: a picture all the same.
    @Test func degenerateEvidenceIsDrawn() {
        let wide = RGBImage(width: 3000, height: 1, pixels: [UInt8](repeating: 7, count: 9000))
        let pictures = [
            picture(channels: 0, comparison: .scatter(key: [], measured: [])),
            picture(channels: 1, image: wide, comparison: .scatter(key: [0], measured: [0]), value: 0),
            picture(channels: 40, comparison: .rings(radii: [], channels: [])),
            picture(
                channels: 16, header: [String(repeating: "long", count: 200)],
                comparison: .rings(radii: [1], channels: [(0, [1], [0])]), decoys: [0, 0]),
        ]
        for picture in pictures {
            let image = picture.draw()
            #expect(image.width == 1200 && image.height == 860)
            // Nothing touches the border.
            for x in 0..<image.width { #expect(image.pixels[x * 3] == 255) }
            for y in 0..<image.height { #expect(image.pixels[(y * image.width + image.width - 1) * 3] == 255) }
        }
    }

    @Test func theSameEvidenceGivesTheSameBytes() throws {
        let evidence = picture(
            channels: 2, comparison: .scatter(key: [1, -1], measured: [0.5, 0.1]), decoys: [0.1, -0.2])
        #expect(try PNGEncoder.encode(evidence.draw()) == PNGEncoder.encode(evidence.draw()))
    }
}
