/// Small parts that pictures are put together from.
enum SVGMark {
    /// Where a text lies about its point.
    enum Anchor: String {
        case start, middle, end
    }

    /// One line of text; the caller sees to its width.
    static func text(
        _ text: String, x: Double, y: Double, size: Double = 13, face: SVGText.Face = .regular,
        anchor: Anchor = .start, colour: String = PictureColours.ink
    ) -> String {
        let font =
            switch face {
            case .regular: ""
            case .bold: #" font-weight="bold""#
            case .fixedWidth: #" font-family="\#(SVGDocument.fixedWidthFonts)""#
            }
        let place = #"x="\#(SVGText.number(x))" y="\#(SVGText.number(y))""#
        let side = anchor == .start ? "" : #" text-anchor="\#(anchor.rawValue)""#
        return
            #"<text \#(place)\#(side) font-size="\#(SVGText.number(size))"\#(font) fill="\#(colour)">\#(SVGText.escaped(text))</text>"#
    }

    /// A panel's title, and what explains its signs at the right end of the same line.
    static func title(_ title: String, remark: String = "", x: Double, y: Double, width: Double) -> [String] {
        let shown = SVGText.fitted(title, width: width, size: 14, face: .bold)
        var parts = [text(shown, x: x, y: y, size: 14, face: .bold)]
        if !remark.isEmpty {
            parts.append(text(remark, x: x + width, y: y, size: 12, anchor: .end, colour: PictureColours.soft))
        }
        return parts
    }

    /// Dots of one size at points of a frame, those that are not finite left out.
    static func dots(_ points: [(x: Double, y: Double)], in frame: SVGFrame, radius: Double, colour: String) -> String {
        // A line of no length with round ends is a dot, in a tenth of the text that a circle takes.
        let path = finite(points).map { "M\(place($0, in: frame))h0" }.joined()
        return
            #"<path class="points" d="\#(path)" stroke="\#(colour)" stroke-width="\#(SVGText.number(2 * radius))" stroke-linecap="round"/>"#
    }

    /// A line through points of a frame.
    static func line(_ points: [(x: Double, y: Double)], in frame: SVGFrame, colour: String) -> String {
        let path = finite(points).map { place($0, in: frame) }.joined(separator: " ")
        return
            #"<polyline points="\#(path)" fill="none" stroke="\#(colour)" stroke-width="2" stroke-linejoin="round"/>"#
    }

    private static func place(_ point: (x: Double, y: Double), in frame: SVGFrame) -> String {
        SVGText.number(frame.x(point.x)) + "," + SVGText.number(frame.y(point.y))
    }

    private static func finite(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        points.filter { $0.x.isFinite && $0.y.isFinite }
    }
}
