/// Shares with their intervals, one row each: name, dot and whisker on a scale from 0 to 1, and the figures in words.
public struct SVGIntervalChart: Sendable {
    /// One row.
    public struct Row: Sendable {
        /// What it is about.
        public let name: String
        /// 0 ... 1; nil leaves the row without a dot.
        public let value: Double?
        /// The whisker's lower end.
        public let lower: Double
        /// The whisker's upper end.
        public let upper: Double
        /// The figures, at the right.
        public let text: String

        /// A row of a name, a share with the ends of its interval, and the figures as text.
        public init(name: String, value: Double?, lower: Double, upper: Double, text: String) {
            self.name = name
            self.value = value
            self.lower = lower
            self.upper = upper
            self.text = text
        }
    }

    private static let width = 440.0
    private static let (left, right, top, line) = (112.0, 84.0, 8.0, 22.0)
    /// The most characters of a name that fit.
    private static let longestName = 15

    private let name: String
    private let description: String
    private let rows: [Row]

    /// - Parameters:
    ///   - name: what the scale shows.
    ///   - description: what a reader who cannot see it should know.
    ///   - rows: from the top.
    public init(_ name: String, description: String, rows: [Row]) {
        self.name = name
        self.description = description
        self.rows = rows
    }

    /// The whole as one `<svg>` element.
    public var svg: String {
        func n(_ value: Double) -> String { SVGText.number(value) }
        let plotWidth = Self.width - Self.left - Self.right
        let bottom = Self.top + Self.line * Double(rows.count)
        func x(_ value: Double) -> Double { Self.left + min(max(value, 0), 1) * plotWidth }
        var parts = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(n(Self.width)) \#(n(bottom + 44))" role="img" aria-label="\#(SVGText.escaped(description))" font-family="system-ui, sans-serif" font-size="13" fill="currentColor">"#
        ]
        for tick in [0, 0.25, 0.5, 0.75, 1] {
            parts.append(
                #"<path d="M\#(n(x(tick))),\#(n(Self.top)) V\#(n(bottom + 4))" stroke="currentColor" stroke-opacity="0.15"/>"#
            )
            parts.append(
                #"<text x="\#(n(x(tick)))" y="\#(n(bottom + 17))" text-anchor="middle">\#(Ticks.label(tick))</text>"#)
        }
        for (index, row) in rows.enumerated() {
            let y = Self.top + Self.line * (Double(index) + 0.5)
            let short =
                row.name.count > Self.longestName ? String(row.name.prefix(Self.longestName - 1)) + "…" : row.name
            parts.append(
                #"<text x="\#(n(Self.left - 10))" y="\#(n(y + 4.5))" text-anchor="end">\#(SVGText.escaped(short))<title>\#(SVGText.escaped(row.name))</title></text>"#
            )
            parts.append(
                #"<text x="\#(n(Self.width - 2))" y="\#(n(y + 4.5))" text-anchor="end">\#(SVGText.escaped(row.text))</text>"#
            )
            guard let value = row.value else { continue }
            let colour = SVGSeries.first.colour
            parts.append(
                #"<path d="M\#(n(x(row.lower))),\#(n(y)) H\#(n(x(row.upper)))" stroke="\#(colour)" stroke-width="2"/>"#)
            parts.append(#"<circle cx="\#(n(x(value)))" cy="\#(n(y))" r="4.5" fill="\#(colour)"/>"#)
        }
        parts.append(
            #"<path d="M\#(n(Self.left)),\#(n(Self.top)) V\#(n(bottom)) H\#(n(Self.left + plotWidth))" fill="none" stroke="currentColor"/>"#
        )
        parts.append(
            #"<text x="\#(n(Self.left + plotWidth / 2))" y="\#(n(bottom + 37))" text-anchor="middle">\#(SVGText.escaped(name))</text>"#
        )
        return (parts + ["</svg>"]).joined(separator: "\n")
    }
}
