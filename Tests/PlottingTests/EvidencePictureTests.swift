import Foundation
import Images
import Marks
import Pictures
import Plotting
import Testing

@Suite struct EvidencePictureTests {
    private static let grey = RGBImage(width: 1, height: 1, pixels: [9, 9, 9])

    private func header(
        answer: String = "watermarked", keyName: String = "demo", path: String = "photo.png", notes: [String] = []
    ) -> EvidencePicture.Header {
        .init(
            verdict: (answer, "p = 1.0e-9"), keyName: keyName, keyDetails: "(0123456789abcdef, spread), rate 1e-06",
            path: path, notes: notes)
    }

    private func picture(
        _ comparison: MarkPicture.Comparison, channels: Int = 1, header: EvidencePicture.Header? = nil,
        image: RGBImage = grey, rivals: EvidencePicture.Rivals? = .init(cosine: 0.5, decoys: [-0.1, 0, 0.1]),
        value: Float = 1
    ) -> EvidencePicture {
        EvidencePicture(
            header: header ?? self.header(), picture: image,
            mark: MarkPicture(
                spectra: (0..<channels).map {
                    .init(
                        channel: $0, rows: [[Float]](repeating: [value, 2 * value, value, 0], count: 8),
                        radii: [(0.5, 1), (1.5, 3)])
                }, comparison: comparison), rivals: rivals)
    }

    private func texts(_ picture: EvidencePicture) throws -> [DrawnElements.Element] {
        try DrawnElements(picture.document().svg).named("text")
    }

    // MARK: - What is drawn

    @Test func aScatterHasADotForEachNumberAndALineOfTheCosinesSlope() throws {
        let (key, measured) = ([1.0, -1, 2, -2, 0], [1.5, 0.5, 2, -3, 0])
        let drawn = try DrawnElements(picture(.scatter(key: key, measured: measured)).document().svg)
        let points = try drawn.points()
        try #require(points.count == 5)
        // The key's 0 and its measured 0 lie in the frame's middle, the others on the sides of their signs.
        for (point, (k, m)) in zip(points, zip(key, measured)) {
            #expect((point.x - points[4].x).sign == (k < 0 ? .minus : .plus))
            #expect((point.y - points[4].y) * m <= 0)
        }
        #expect(abs((points[2].x - points[4].x) / (points[0].x - points[4].x) - 2) < 0.01)
        // Measured numbers are drawn at the key's length, so that equal lengths on the axes are equal numbers.
        let lengths = [key, measured].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let unit = (points[3].y - points[4].y) / 3 * lengths[1] / lengths[0]
        let ends = try #require(drawn.named("polyline").first?.attributes["points"]).split(separator: " ").map {
            $0.split(separator: ",").compactMap { Double($0) }
        }
        let across = (ends[1][0] - ends[0][0]) / (points[0].x - points[4].x)
        let up = (ends[0][1] - ends[1][1]) / unit
        #expect(abs(up / across - 0.5) < 0.01)
        #expect(drawn.named("text").contains { $0.text == "slope = cosine 0.500" })
    }

    @Test func circlesAreAtTheKeysRadii() throws {
        let drawn = try DrawnElements(picture(.scatter(key: [1], measured: [1]), channels: 3).document().svg)
        // An inner circle, and the edge twice, in each channel.
        let circles = drawn.named("ellipse")
        try #require(circles.count == 9)
        let images = drawn.named("image").filter { $0.attributes["width"] == $0.attributes["height"] }.dropFirst()
        #expect(images.count == 3)
        for (index, image) in images.enumerated() {
            let (x, y, side) = (try image.number("x"), try image.number("y"), try image.number("width"))
            for (circle, radius) in zip(circles[3 * index..<3 * index + 3], [(0.5, 1.0), (1.5, 3.0), (1.5, 3.0)]) {
                // Four columns and eight rows; DC is the cell after the middle.
                #expect(try abs(circle.number("cx") - (x + 2.5 / 4 * side)) < 0.02)
                #expect(try abs(circle.number("cy") - (y + 4.5 / 8 * side)) < 0.02)
                #expect(try abs(circle.number("rx") - radius.0 / 4 * side) < 0.02)
                #expect(try abs(circle.number("ry") - radius.1 / 8 * side) < 0.02)
            }
        }
    }

    @Test func ringsHaveAFrameForEachOfTheFirstFourChannels() throws {
        let series = (0..<6).map { (channel: $0, key: [1.0, -1, 0.5], measured: [0.5, -0.5, 0.1]) }
        let drawn = try DrawnElements(
            picture(.rings(radii: [0, 1, 2], channels: series), channels: 6).document().svg)
        #expect(try drawn.points().count == 4 * 3)
        #expect(drawn.named("polyline").count == 4)
        #expect(drawn.named("text").contains { $0.text == "Ring values, first 4 of 6 channels" })
    }

    @Test func theHistogramHoldsEveryDecoyAndTheKey() throws {
        let decoys = (0..<1000).map { Float($0 % 100) / 1000 - 0.05 }
        let drawn = try DrawnElements(
            picture(.scatter(key: [1], measured: [1]), rivals: .init(cosine: 0.25, decoys: decoys)).document().svg)
        let bars = try #require(drawn.named("path").first { $0.attributes["class"] == "bars" }?.attributes["d"])
        // Each bar: M left,bottom V top H right V bottom Z. Their heights are as the decoys' numbers.
        let heights = bars.split(separator: "M").map { bar -> Double in
            let numbers = bar.split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
            return numbers[1] - numbers[2]
        }
        let numbers = try drawn.named("text").filter {
            try $0.attributes["text-anchor"] == "end" && $0.number("x") < 60 && Int($0.text) != nil
        }.map { (value: try #require(Double($0.text)), y: try $0.number("y")) }
        let (zero, top) = (try #require(numbers.first), try #require(numbers.last))
        #expect(zero.value == 0 && top.value > 0)
        let unit = (zero.y - top.y) / top.value
        #expect(abs(heights.reduce(0, +) / unit - 1000) < 5)
        #expect(drawn.named("text").contains { $0.text == "key 0.250" })
        #expect(drawn.named("text").contains { $0.text == "decoys, of 1,000" })
    }

    /// A key without a p-value: its numbers are all 0, and there is nothing to hold it against.
    @Test func aRefusedKeyIsDrawnAndSaysSo() throws {
        let note = "key zeros has no p-value: everybody's `zeros` key is the same"
        let drawn = try DrawnElements(
            picture(
                .constant(key: 0, radii: [1, 2], measured: [0.5, -0.5, 0.2, 0.1]),
                header: header(answer: "undecided", notes: [note]), rivals: nil
            ).document().svg)
        let points = try drawn.points()
        try #require(points.count == 4)
        #expect(points[0].x == points[2].x && points[1].x > points[0].x)
        let texts = drawn.named("text").map(\.text)
        #expect(texts.contains(note) && texts.contains("all of the key's numbers are 0"))
        #expect(texts.joined(separator: " ").contains("the key was not compared with decoys."))
        #expect(!drawn.all.contains { $0.attributes["class"] == "bars" })
    }

    @Test func noDecoysAreNoHistogram() throws {
        let texts = try texts(
            picture(.scatter(key: [1], measured: [1]), rivals: .init(cosine: 0.25, decoys: []))
        ).map(\.text)
        #expect(texts.joined(separator: " ").contains("No decoys were scored. The key's cosine is 0.250."))
    }

    // MARK: - What comes from outside

    @Test func hostileNamesAreShownAndDoNothing() throws {
        let hostile = "</text><script>'x'</script>\n\u{202E}\u{0}&amp;\"\u{FFFF}"
        let svg = try picture(
            .scatter(key: [1], measured: [1]), header: header(keyName: hostile, path: hostile, notes: [hostile])
        ).document().svg
        let drawn = try DrawnElements(svg)
        #expect(drawn.named("script").isEmpty)
        let shown = "</text><script>'x'</script>\\n\\u202e\\000&amp;\"\\uffff"
        #expect(drawn.named("text").contains { $0.text == shown })
        #expect(drawn.named("text").contains { $0.text.hasPrefix("key </text><script>") })
        #expect(try #require(drawn.named("svg").first?.attributes["aria-label"]).contains(shown))
        _ = try SVGRasteriser().image(svg, width: 300, height: 260)
    }

    /// Whatever the texts are, none leaves the picture: as reckoned, and as drawn with a real font.
    @Test(arguments: [
        String(repeating: "W", count: 300), String(repeating: "a/", count: 150),
        String(repeating: "\u{4E2D}", count: 300),
        String(repeating: "\u{202E}", count: 300), String(repeating: "word ", count: 60),
    ])
    func noTextLeavesThePicture(_ long: String) throws {
        let document = try picture(
            .scatter(key: [1], measured: [1]),
            header: header(answer: long, keyName: long, path: long, notes: [long, long])
        ).document()
        for text in try DrawnElements(document.svg).named("text") {
            let size = try text.attributes["font-size"] == nil ? 13 : text.number("font-size")
            let isBold = text.attributes["font-weight"] == "bold" || size == 22
            let face: SVGText.Face = text.attributes["font-family"] != nil ? .fixedWidth : isBold ? .bold : .regular
            let width = SVGText.width(text.text, size: size, face: face)
            let anchor = text.attributes["text-anchor"] ?? "start"
            let left = try text.number("x") - (anchor == "end" ? width : anchor == "middle" ? width / 2 : 0)
            #expect(left >= 0 && left + width <= 723, "\(text.text)")
        }
        let image = try SVGRasteriser().image(document.svg, width: 740, height: Int(document.size.height))
        for y in 0..<image.height {
            for x in 728..<740 { try #require(image.pixels[3 * (y * 740 + x)] == 255, "ink at \(x), \(y)") }
        }
    }

    /// Constant planes, one number, no decoys, an extreme image, many channels, what is no number: a picture all the same.
    @Test func degenerateEvidenceIsDrawn() throws {
        let wide = RGBImage(width: 3000, height: 1, pixels: [UInt8](repeating: 7, count: 9000))
        let pictures = [
            picture(.scatter(key: [], measured: []), channels: 0),
            picture(
                .scatter(key: [0], measured: [0]), image: wide, rivals: .init(cosine: 0, decoys: [0, 0]), value: 0),
            picture(.scatter(key: [1, 2], measured: [.nan, .infinity]), rivals: .init(cosine: .nan, decoys: [.nan])),
            picture(.scatter(key: [1], measured: [1]), rivals: .init(cosine: 0.1, decoys: [.nan, .infinity])),
            picture(.rings(radii: [], channels: []), channels: 40),
            picture(.rings(radii: [1], channels: [(0, [1], [0])]), channels: 16),
            picture(.constant(key: 0, radii: [], measured: []), rivals: nil),
        ]
        for picture in pictures {
            let document = try picture.document()
            #expect(try DrawnElements(document.svg).all.count > 10)
            #expect(!document.svg.contains("nan") && !document.svg.contains("inf"))
            #expect(document.size.width == 740 && (600...700).contains(document.size.height))
        }
    }

    @Test func aLargeImageIsEmbeddedSmall() throws {
        let size = (width: 2000, height: 1000)
        let noise = (0..<size.width * size.height * 3).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        let image = RGBImage(width: size.width, height: size.height, pixels: noise)
        let svg = try picture(.scatter(key: [1], measured: [1]), image: image).document().svg
        let images = try DrawnElements(svg).named("image")
        let embedded = try #require(images.first)
        #expect(try embedded.number("width") == 222 && embedded.number("height") == 111)
        let base64 = try #require(embedded.attributes["href"]).dropFirst("data:image/png;base64,".count)
        let bytes = try #require(Data(base64Encoded: String(base64)))
        let decoded = try ImageDecoder.decode([UInt8](bytes), named: "embedded", limitMegapixels: 1)
        #expect(decoded.width == 540 && decoded.height == 270)
    }

    @Test func theSameEvidenceGivesTheSameText() throws {
        let evidence = picture(.scatter(key: [1, -1], measured: [0.5, 0.1]), channels: 2)
        #expect(try evidence.document().svg == evidence.document().svg)
    }
}
