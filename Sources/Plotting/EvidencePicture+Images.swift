import Marks

extension EvidencePicture {
    /// The image, fitted into a square.
    func picturePanel(top: Double) throws -> [String] {
        let (x, side) = (Self.left.x, Self.left.width)
        let scale = side / Double(max(picture.width, picture.height))
        // Twice the pixels of the largest size at which the picture is likely to be seen.
        let shown = SVGImage.reduced(picture, longest: 540)
        return try SVGMark.title("Image", x: x, y: top + 12, width: side)
            + SVGImage.element(
                shown, x: x, y: top + 22, width: max(1, Double(picture.width) * scale),
                height: max(1, Double(picture.height) * scale))
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
