/// A picture that stands alone: one `<svg>` element on a light ground, with nothing outside it to load.
public struct SVGDocument: Sendable {
    /// Width and height in units of which 13 are a line of text.
    public let size: (width: Double, height: Double)
    /// The whole as text.
    public let svg: String

    /// - Parameters:
    ///   - description: what a reader who cannot see it should know.
    ///   - elements: in the order of drawing.
    init(width: Double, height: Double, description: String, elements: [String]) {
        size = (width, height)
        let (width, height) = (SVGText.number(width), SVGText.number(height))
        let opening = [
            #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(width)" height="\#(height)" viewBox="0 0 \#(width) \#(height)""#,
            #"role="img" aria-label="\#(SVGText.escaped(description))" font-family="\#(Self.fonts)" font-size="13""#,
            #"color="\#(PictureColours.ink)" fill="currentColor">"#,
        ]
        let ground = #"<rect width="\#(width)" height="\#(height)" fill="\#(PictureColours.ground)"/>"#
        svg = ([opening.joined(separator: " "), ground] + elements + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    /// Widths of text are reckoned for DejaVu; the others are narrower.
    private static let fonts = "DejaVu Sans, Verdana, system-ui, sans-serif"
    static let fixedWidthFonts = "DejaVu Sans Mono, Menlo, Consolas, monospace"
}
