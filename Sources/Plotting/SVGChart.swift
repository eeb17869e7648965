/// A chart in SVG: two axes, step lines, bars, rules and a legend. Text and axes take the page's colour, so that it suits
/// dark pages and paper; every series differs from the others in more than colour.
public struct SVGChart: Sendable {
    /// Where the legend stands inside the frame.
    public enum LegendPlace: Sendable {
        /// For curves that fill the upper left.
        case lowerRight
        /// For bars, which can stand anywhere: above the frame.
        case above
    }

    /// Width of the whole and height of the frame with its numbers, in units of which 13 are a line of text.
    private static let size = (width: 440.0, height: 320.0)
    private static let margins = (left: 54.0, right: 14.0, top: 26.0, bottom: 46.0)
    private static let legendLine = 19.0

    private let identifier: String
    private let description: String
    private let frame: SVGFrame
    private let legendPlace: LegendPlace
    private var body: [String] = []
    private var legend: [(sample: String, text: String)] = []

    /// - Parameters:
    ///   - identifier: letters and digits, unlike those of other charts on the page.
    ///   - description: what a reader who cannot see it should know.
    ///   - horizontal: the axis below.
    ///   - vertical: the axis at the left.
    ///   - legend: where the legend stands.
    public init(
        identifier: String, description: String, horizontal: SVGAxis, vertical: SVGAxis, legend: LegendPlace
    ) {
        self.identifier = identifier
        self.description = description
        frame = SVGFrame(
            left: Self.margins.left, top: Self.margins.top,
            width: Self.size.width - Self.margins.left - Self.margins.right,
            height: Self.size.height - Self.margins.top - Self.margins.bottom, horizontal: horizontal,
            vertical: vertical)
        legendPlace = legend
    }

    private static func n(_ value: Double) -> String { SVGText.number(value) }

    /// A line through points in order.
    /// - Parameters:
    ///   - points: in the axes' values.
    ///   - series: which colour and dashes.
    ///   - label: for the legend; nil for a line that needs none.
    public mutating func line(_ points: [(x: Double, y: Double)], _ series: SVGSeries, label: String? = nil) {
        let path = points.map { Self.n(frame.x($0.x)) + "," + Self.n(frame.y($0.y)) }.joined(separator: " ")
        let style = #"fill="none" stroke="\#(series.colour)" stroke-width="2.2"\#(series.dashes)"#
        body.append(#"<polyline points="\#(path)" \#(style)/>"#)
        if let label { legend.append((#"<path d="M0,-4 H26" \#(style)/>"#, label)) }
    }

    /// Bars from 0, the second series hatched, the first filled.
    /// - Parameters:
    ///   - bars: left edge, right edge and height of each; those of height 0 are left out.
    ///   - series: which colour.
    ///   - label: for the legend; nil for bars that need none.
    public mutating func bars(
        _ bars: [(from: Double, to: Double, height: Double)], _ series: SVGSeries, label: String? = nil
    ) {
        let fill = series == .first ? series.colour : "url(#\(identifier)-hatch)"
        let style =
            #"fill="\#(fill)" fill-opacity="\#(series == .first ? "0.55" : "1")" stroke="\#(series.colour)""#
        for bar in bars where bar.height > 0 {
            let (left, right, top) = (frame.x(bar.from), frame.x(bar.to), frame.y(bar.height))
            let base = frame.y(frame.vertical.range.lowerBound)
            // A count of one must be seen, whatever the others are.
            let height = max(base - top, 1.5)
            body.append(
                #"<rect x="\#(Self.n(left))" y="\#(Self.n(base - height))" width="\#(Self.n(max(right - left, 1)))" height="\#(Self.n(height))" \#(style)/>"#
            )
        }
        if let label { legend.append((#"<rect x="0" y="-10" width="26" height="11" \#(style)/>"#, label)) }
    }

    /// A dashed line over the whole width at a height.
    public mutating func rule(at value: Double, label: String? = nil) {
        let style = #"stroke="currentColor" stroke-width="1.4" stroke-dasharray="5 4""#
        body.append(
            #"<path d="M\#(Self.n(frame.left)),\#(Self.n(frame.y(value))) h\#(Self.n(frame.width))" \#(style)/>"#)
        if let label { legend.append((#"<path d="M0,-4 H26" \#(style)/>"#, label)) }
    }

    /// A dashed line from bottom to top at a value, with its name at the top.
    public mutating func mark(at value: Double, _ name: String) {
        let (left, top) = (frame.x(value), frame.top)
        let isLeft = left > frame.left + frame.width * 0.6
        body.append(
            #"<path d="M\#(Self.n(left)),\#(Self.n(top)) v\#(Self.n(frame.height))" stroke="currentColor" stroke-dasharray="1 3" stroke-width="1.4"/>"#
        )
        body.append(
            #"<text x="\#(Self.n(left + (isLeft ? -4 : 4)))" y="\#(Self.n(top - 8))" text-anchor="\#(isLeft ? "end" : "start")" font-size="12">\#(SVGText.escaped(name))</text>"#
        )
    }

    /// A grey band between two heights.
    public mutating func band(from low: Double, to high: Double, label: String? = nil) {
        let style = #"fill="currentColor" fill-opacity="0.12""#
        body.append(
            #"<rect x="\#(Self.n(frame.left))" y="\#(Self.n(frame.y(high)))" width="\#(Self.n(frame.width))" height="\#(Self.n(frame.y(low) - frame.y(high)))" \#(style)/>"#
        )
        if let label { legend.append((#"<rect x="0" y="-10" width="26" height="11" \#(style)/>"#, label)) }
    }

    /// The whole as one `<svg>` element.
    public var svg: String {
        let (width, height) = (Self.n(Self.size.width), Self.n(Self.size.height + extraHeight))
        var parts = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 \#(Self.n(-extraHeight)) \#(width) \#(height)" role="img" aria-label="\#(SVGText.escaped(description))" font-family="system-ui, sans-serif" font-size="13" fill="currentColor">"#,
            #"<defs><pattern id="\#(identifier)-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0,0 V5" stroke="\#(SVGSeries.second.colour)" stroke-width="2.4"/></pattern></defs>"#,
        ]
        parts += frame.axes
        parts += body
        parts += legendElements
        return (parts + ["</svg>"]).joined(separator: "\n")
    }

    /// What a legend above the frame adds to the height.
    private var extraHeight: Double { legendPlace == .above ? Self.legendLine * Double(legend.count) : 0 }

    private var legendElements: [String] {
        guard !legend.isEmpty else { return [] }
        let line = Self.legendLine
        if legendPlace == .above {
            return legend.enumerated().map { index, entry in
                legendEntry(entry, x: frame.left, y: line * Double(index - legend.count) + 13)
            }
        }
        let longest = legend.map { $0.text.count }.max() ?? 0
        let width = Double(longest) * 6.9 + 42
        let height = line * Double(legend.count) + 6
        let left = frame.right - width - 6
        let top = frame.bottom - height - 8
        let ground =
            #"<rect x="\#(Self.n(left))" y="\#(Self.n(top))" width="\#(Self.n(width))" height="\#(Self.n(height))" fill="var(--ground, #fff)" fill-opacity="0.85"/>"#
        return [ground]
            + legend.enumerated().map { index, entry in
                legendEntry(entry, x: left + 6, y: top + line * Double(index + 1) - 2)
            }
    }

    private func legendEntry(_ entry: (sample: String, text: String), x: Double, y: Double) -> String {
        #"<g transform="translate(\#(Self.n(x)),\#(Self.n(y)))">\#(entry.sample)<text x="32">\#(SVGText.escaped(entry.text))</text></g>"#
    }
}
