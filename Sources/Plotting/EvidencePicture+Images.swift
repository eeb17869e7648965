import Marks

extension EvidencePicture {
    /// The image, fitted into a square together with the outline of the generated frame where that lies elsewhere.
    func picturePanel(top: Double) throws -> [String] {
        let (x, y, side) = (Self.left.x, top + 22, Self.left.width)
        let (width, height) = (Double(picture.width), Double(picture.height))
        let corners = (outline ?? []).map { (x: $0.x * width, y: $0.y * height) }
        // An outline far outside is cut off: the image should stay large enough to be seen.
        let leftmost = max(corners.reduce(0) { min($0, $1.x) }, -width)
        let topmost = max(corners.reduce(0) { min($0, $1.y) }, -height)
        let rightmost = min(corners.reduce(width) { max($0, $1.x) }, 2 * width)
        let lowest = min(corners.reduce(height) { max($0, $1.y) }, 2 * height)
        let scale = side / max(rightmost - leftmost, lowest - topmost)
        // Twice the pixels of the largest size at which the picture is likely to be seen.
        let shown = SVGImage.reduced(picture, longest: 540)
        return try SVGMark.title(
            "Image", remark: outline == nil ? "" : "outline: frame as generated", x: x, y: top + 12, width: side)
            + SVGImage.element(
                shown, x: x - leftmost * scale, y: y - topmost * scale, width: max(1, width * scale),
                height: max(1, height * scale))
            + outlineElements(
                corners.map { (x + ($0.x - leftmost) * scale, y + ($0.y - topmost) * scale) }, x: x, y: y, side: side)
    }

    /// A closed line in white on dark, with a dot at the frame's top left corner.
    private func outlineElements(
        _ corners: [(x: Double, y: Double)], x: Double, y: Double, side: Double
    ) -> [String] {
        guard let first = corners.first else { return [] }
        let points = corners.map { "\(SVGText.number($0.x)),\(SVGText.number($0.y))" }.joined(separator: " ")
        let place = #"x="\#(SVGText.number(x - 2))" y="\#(SVGText.number(y - 2))""#
        let size = SVGText.number(side + 4)
        func line(_ style: String) -> String {
            #"<polygon points="\#(points)" fill="none" stroke-linejoin="round" clip-path="url(#panel)" \#(style)/>"#
        }
        return [
            #"<clipPath id="panel"><rect \#(place) width="\#(size)" height="\#(size)"/></clipPath>"#,
            line(#"stroke="\#(PictureColours.ink)" stroke-width="3.2""#),
            line(##"stroke="#ffffff" stroke-width="1.5""##),
            #"<circle cx="\#(SVGText.number(first.x))" cy="\#(SVGText.number(first.y))" r="4" fill="\#(PictureColours.key)" stroke="white" clip-path="url(#panel)"/>"#,
        ]
    }

    /// Up to 16 spectra in one or two rows, and the lower edge of what was drawn.
    func spectrumPanel(top: Double) throws -> (elements: [String], bottom: Double) {
        let shown = (mark?.spectra ?? []).filter { !($0.rows.first ?? []).isEmpty }.prefix(16)
        let hasRings = shown.contains { $0.radii.count > 1 }
        var elements = SVGMark.title(
            "Spectrum of the recovered noise", remark: hasRings ? "circles: the key's rings" : "circle: the key's edge",
            x: Self.right.x, y: top + 12, width: Self.right.width)
        let gap = 10.0
        let perRow = shown.count <= 4 ? max(shown.count, 1) : (shown.count + 1) / 2
        let side = min((Self.right.width - gap * Double(perRow - 1)) / Double(perRow), shown.count <= 4 ? 142 : 80)
        for (index, spectrum) in shown.enumerated() {
            let x = Self.right.x + Double(index % perRow) * (side + gap)
            let y = top + 22 + Double(index / perRow) * (side + 22)
            let name = SVGText.width("channel \(spectrum.channel)", size: 12) <= side + gap ? "channel " : ""
            elements += try SVGImage.element(
                SVGImage.magnified(HeatMap.image(spectrum.rows), shortest: 300), x: x, y: y, width: side,
                height: side)
            elements += circles(spectrum, x: x, y: y, side: side)
            elements.append(
                SVGMark.text(
                    "\(name)\(spectrum.channel)", x: x, y: y + side + 15, size: 12, colour: PictureColours.soft))
        }
        let rows = (shown.count + perRow - 1) / perRow
        return (elements, top + 22 + Double(max(rows, 1)) * (side + 22))
    }

    /// Thin lines for the rings, the key's edge in white on dark so that it shows on any spectrum.
    private func circles(_ spectrum: MarkPicture.Spectrum, x: Double, y: Double, side: Double) -> [String] {
        let (height, width) = (spectrum.rows.count, spectrum.rows[0].count)
        let cell = (x: side / Double(width), y: side / Double(height))
        let centre = (x: x + (Double(width / 2) + 0.5) * cell.x, y: y + (Double(height / 2) + 0.5) * cell.y)
        func circle(_ radius: (x: Double, y: Double), _ style: String) -> String {
            let place = #"cx="\#(SVGText.number(centre.x))" cy="\#(SVGText.number(centre.y))""#
            let radii = #"rx="\#(SVGText.number(radius.x * cell.x))" ry="\#(SVGText.number(radius.y * cell.y))""#
            return "<ellipse \(place) \(radii) fill=\"none\" \(style)/>"
        }
        guard let edge = spectrum.radii.last else { return [] }
        return spectrum.radii.dropLast().map {
            circle($0, ##"stroke="#ffffff" stroke-opacity="0.45" stroke-width="0.4""##)
        } + [
            circle(edge, #"stroke="\#(PictureColours.ink)" stroke-width="3.2""#),
            circle(edge, ##"stroke="#ffffff" stroke-width="1.5""##),
        ]
    }
}
