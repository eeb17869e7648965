import Foundation

extension EvidencePicture {
    /// The key's numbers and the measured ones, down to `bottom`.
    func comparisonPanel(top: Double, bottom: Double) -> [String] {
        switch mark?.comparison {
        case .scatter(let key, let measured): scatter(key: key, measured: measured, top: top, bottom: bottom)
        case .rings(let radii, let channels): rings(radii: radii, channels: channels, top: top, bottom: bottom)
        case .constant(let key, let radii, let measured):
            constant(key: key, radii: radii, measured: measured, top: top, bottom: bottom)
        case nil: []
        }
    }

    private func title(_ title: String, remark: String = "", top: Double) -> [String] {
        SVGMark.title(title, remark: remark, x: Self.right.x, y: top + 12, width: Self.right.width)
    }

    /// The frame below a panel's title in the right column.
    private func frame(_ horizontal: SVGAxis, _ vertical: SVGAxis, top: Double, bottom: Double) -> SVGFrame {
        SVGFrame(
            left: Self.right.x + 40, top: top + 44, width: Self.right.width - 44, height: bottom - top - 44,
            horizontal: horizontal, vertical: vertical, labelWidth: 40)
    }

    /// What a line stands for, at the right end above a frame.
    private func legend(_ text: String, above frame: SVGFrame) -> String {
        SVGMark.text(
            text, x: frame.right, y: frame.top - 10, size: 12, anchor: .end, colour: PictureColours.key)
    }

    private func scatter(key: [Double], measured: [Double], top: Double, bottom: Double) -> [String] {
        let scaled = Self.scaled(measured, like: key)
        let limit = (x: Self.limit(key), y: Self.limit(scaled))
        let frame = frame(
            SVGAxis("key's number", -limit.x...limit.x, ticks: 6),
            SVGAxis("measured, on the key's scale", -limit.y...limit.y), top: top, bottom: bottom)
        var elements = title("Measured against the key's numbers", top: top) + frame.axes
        elements.append(
            SVGMark.dots(
                zip(key, scaled).map { ($0, $1) }, in: frame, radius: 1.3, colour: PictureColours.measured))
        if let slope = rivals?.cosine, slope.isFinite {
            let end = slope == 0 ? limit.x : min(limit.x, limit.y / abs(slope))
            elements.append(
                SVGMark.line([(-end, -end * slope), (end, end * slope)], in: frame, colour: PictureColours.key))
            elements.append(legend("slope = cosine \(Self.figure(slope))", above: frame))
        }
        return elements
    }

    private func rings(
        radii: [Double], channels: [(channel: Int, key: [Double], measured: [Double])], top: Double, bottom: Double
    ) -> [String] {
        let shown = channels.prefix(4).map { ($0.channel, $0.key, Self.scaled($0.measured, like: $0.key)) }
        let limit = 1.1 * Self.limit(shown.flatMap { $0.1 + $0.2 })
        let some = shown.count < channels.count ? ", first \(shown.count) of \(channels.count) channels" : ""
        var elements = title("Ring values\(some)", remark: "line: key; dots: measured", top: top)
        let (gap, first) = (14.0, top + 26)
        let height = (bottom - first - gap * Double(shown.count - 1)) / Double(max(shown.count, 1))
        let range = (radii.min() ?? 0) - 0.5...(radii.max() ?? 1) + 0.5
        for (index, (channel, key, measured)) in shown.enumerated() {
            let frame = SVGFrame(
                left: Self.right.x + 26, top: first + Double(index) * (height + gap), width: Self.right.width - 98,
                height: height, horizontal: SVGAxis("ring's radius", range, ticks: 8),
                vertical: SVGAxis("", -limit...limit, ticks: 4))
            elements += frame.grid(horizontalNumbers: index == shown.count - 1)
            elements.append(
                SVGMark.line(zip(radii, key).map { ($0, $1) }, in: frame, colour: PictureColours.key))
            elements.append(
                SVGMark.dots(
                    zip(radii, measured).map { ($0, $1) }, in: frame, radius: 3, colour: PictureColours.measured))
            elements.append(
                SVGMark.text(
                    "channel \(channel)", x: frame.right + 8, y: frame.top + height / 2 + 4.5, size: 12,
                    colour: PictureColours.soft))
            if index == shown.count - 1 { elements += [frame.names[0]] }
        }
        return elements
    }

    private func constant(
        key: Double, radii: [Double], measured: [Double], top: Double, bottom: Double
    ) -> [String] {
        let limit = Self.limit(measured + [key])
        let frame = frame(
            SVGAxis("distance from the spectrum's middle", 0...(max(radii.max() ?? 1, 1) * 1.04), ticks: 6),
            SVGAxis("measured", -limit...limit), top: top, bottom: bottom)
        let points = measured.enumerated().map { (radii.isEmpty ? 0 : radii[$0 % radii.count], $1) }
        return title("Measured numbers by frequency", top: top) + frame.axes + [
            SVGMark.dots(points, in: frame, radius: 1.3, colour: PictureColours.measured),
            SVGMark.line(
                [(0, key), (frame.horizontal.range.upperBound, key)], in: frame, colour: PictureColours.key),
            legend("all of the key's numbers are \(Ticks.label(key))", above: frame),
        ]
    }

    static func figure(_ value: Double) -> String { String(format: "%.3f", value) }

    /// Measured numbers at the key's spread: what is compared is a direction. As they are where either has no length.
    private static func scaled(_ measured: [Double], like key: [Double]) -> [Double] {
        func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let (own, wanted) = (norm(measured), norm(key))
        return own == 0 || wanted == 0 ? measured : measured.map { $0 * wanted / own }
    }

    private static func limit(_ values: [Double]) -> Double {
        max(values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 } * 1.05, 1e-9)
    }
}
