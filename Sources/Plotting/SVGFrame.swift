/// The rectangle between two axes of a chart, in units of which 13 are a line of text.
struct SVGFrame: Sendable {
    let left: Double
    let top: Double
    let width: Double
    let height: Double
    let horizontal: SVGAxis
    let vertical: SVGAxis
    /// The room left of the frame for the numbers; the vertical axis's name begins there.
    var labelWidth = 50.0

    var bottom: Double { top + height }
    var right: Double { left + width }

    func x(_ value: Double) -> Double { left + horizontal.position(value) * width }
    func y(_ value: Double) -> Double { top + (1 - vertical.position(value)) * height }

    /// Grid lines, numbers, the two lines of the axes, and their names.
    var axes: [String] { grid(horizontalNumbers: true) + names }

    /// Grid lines, numbers and the two lines of the axes.
    func grid(horizontalNumbers: Bool) -> [String] {
        var parts: [String] = []
        for tick in horizontal.ticks {
            let at = Self.n(x(tick))
            parts.append(
                #"<path d="M\#(at),\#(Self.n(top)) V\#(Self.n(bottom + 4))" stroke="currentColor" stroke-opacity="0.15"/>"#
            )
            guard horizontalNumbers else { continue }
            parts.append(
                #"<text x="\#(at)" y="\#(Self.n(bottom + 17))" text-anchor="middle">\#(horizontal.label(tick))</text>"#
            )
        }
        for tick in vertical.ticks {
            let at = y(tick)
            parts.append(
                #"<path d="M\#(Self.n(left - 4)),\#(Self.n(at)) h\#(Self.n(width + 4))" stroke="currentColor" stroke-opacity="0.15"/>"#
            )
            parts.append(
                #"<text x="\#(Self.n(left - 7))" y="\#(Self.n(at + 4.5))" text-anchor="end">\#(vertical.label(tick))</text>"#
            )
        }
        parts.append(
            #"<path d="M\#(Self.n(left)),\#(Self.n(top)) V\#(Self.n(bottom)) h\#(Self.n(width))" fill="none" stroke="currentColor"/>"#
        )
        return parts
    }

    /// The axes' names: one below the middle, one above the left end.
    var names: [String] {
        [
            #"<text x="\#(Self.n(left + width / 2))" y="\#(Self.n(bottom + 37))" text-anchor="middle">\#(SVGText.escaped(horizontal.name))</text>"#,
            #"<text x="\#(Self.n(left - labelWidth))" y="\#(Self.n(top - 10))">\#(SVGText.escaped(vertical.name))</text>"#,
        ]
    }

    private static func n(_ value: Double) -> String { SVGText.number(value) }
}
