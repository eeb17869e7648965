import Foundation
import Images

/// One picture a person can judge a verdict by: the image, the spectrum of the keyed channels with the key's disc, the
/// key's numbers against the measured ones, and the key among its decoys. Legible without colour.
public struct EvidencePicture: Sendable {
    /// One keyed channel's spectrum.
    public struct Spectrum: Sendable {
        /// The latent's channel.
        public let channel: Int
        /// Magnitudes with DC in the middle.
        public let rows: [[Float]]
        /// Circles to draw about DC, in cells on each axis; the last is the key's edge.
        public let radii: [(x: Double, y: Double)]

        /// A channel's spectrum and the circles to draw on it.
        public init(channel: Int, rows: [[Float]], radii: [(x: Double, y: Double)]) {
            self.channel = channel
            self.rows = rows
            self.radii = radii
        }
    }

    /// How the key's numbers are drawn.
    public enum Comparison: Sendable {
        /// Over the ring's radius, one series a channel.
        case rings(radii: [Double], channels: [(channel: Int, key: [Double], measured: [Double])])
        /// Measured against the key's number.
        case scatter(key: [Double], measured: [Double])
    }

    /// Lines at the top; the first is large.
    public var header: [String]
    /// The image under examination.
    public var picture: RGBImage
    /// One for each keyed channel.
    public var spectra: [Spectrum]
    /// The key's numbers and the measured ones.
    public var comparison: Comparison
    /// The decoys' cosines; may be empty.
    public var decoyCosines: [Float]
    /// The key's cosine.
    public var cosine: Double

    /// The evidence, as plain values.
    public init(
        header: [String], picture: RGBImage, spectra: [Spectrum], comparison: Comparison, decoyCosines: [Float],
        cosine: Double
    ) {
        self.header = header
        self.picture = picture
        self.spectra = spectra
        self.comparison = comparison
        self.decoyCosines = decoyCosines
        self.cosine = cosine
    }

    static let width = 1200
    static let height = 860
    private static let top = 110
    private static let column = 380

    /// Draws it.
    public func draw() -> RGBImage {
        var canvas = Canvas(width: Self.width, height: Self.height)
        for (index, line) in header.prefix(4).enumerated() {
            let scale = index == 0 ? 3 : 2
            let text = Self.shortened(line, to: (Self.width - 40) / (BitmapFont.advance * scale))
            canvas.text(text, x: 20, y: index == 0 ? 16 : 30 + index * 20, scale: scale)
        }
        drawPicture(&canvas)
        drawSpectra(&canvas)
        drawComparison(&canvas)
        drawDecoys(&canvas)
        return canvas.image
    }

    /// A text with its middle left out where it is too long.
    static func shortened(_ text: String, to count: Int) -> String {
        guard text.count > count, count > 3 else { return text }
        let half = (count - 1) / 2
        return text.prefix(count - 1 - half) + "…" + text.suffix(half)
    }

    private func drawPicture(_ canvas: inout Canvas) {
        let (x, y, side) = (20, Self.top + 26, Self.column - 40)
        canvas.text("image", x: x, y: Self.top + 4, scale: 2)
        let scale = Double(side) / Double(max(picture.width, picture.height))
        let size = (
            width: max(1, Int(Double(picture.width) * scale)), height: max(1, Int(Double(picture.height) * scale))
        )
        canvas.draw(picture, x: x, y: y, width: size.width, height: size.height)
        canvas.frame(x: x - 1, y: y - 1, width: size.width + 2, height: size.height + 2, .grey)
    }

    private func drawSpectra(_ canvas: inout Canvas) {
        let (left, y) = (Self.column + 20, Self.top + 26)
        let available = (width: Self.width - left - 20, height: Self.column - 40)
        let shown = spectra.prefix(16)
        canvas.text(
            "spectrum of the recovered noise; circle: key's edge", x: left, y: Self.top + 4, scale: 2)
        let perRow = shown.count <= 4 ? max(shown.count, 1) : (shown.count + 1) / 2
        let rows = (shown.count + perRow - 1) / perRow
        guard rows > 0 else { return }
        let side = min((available.width - 16 * (perRow - 1)) / perRow, available.height / rows - 18)
        for (index, spectrum) in shown.enumerated() {
            let x = left + index % perRow * (side + 16)
            let top = y + index / perRow * (side + 20)
            let (height, width) = (spectrum.rows.count, spectrum.rows.first?.count ?? 0)
            guard height > 0, width > 0 else { continue }
            canvas.draw(HeatMap.image(spectrum.rows), x: x, y: top, width: side, height: side)
            canvas.frame(x: x - 1, y: top - 1, width: side + 2, height: side + 2, .grey)
            let cell = (x: Double(side) / Double(width), y: Double(side) / Double(height))
            let centre = (
                x: Double(x) + (Double(width / 2) + 0.5) * cell.x, y: Double(top) + (Double(height / 2) + 0.5) * cell.y
            )
            for radius in spectrum.radii.dropLast() {
                canvas.circle(centre: centre, radius: radius.x * cell.x, width: 0, .white)
            }
            if let edge = spectrum.radii.last {
                canvas.circle(centre: centre, radius: edge.x * cell.x, width: 3, .black)
                canvas.circle(centre: centre, radius: edge.x * cell.x, width: 1, .white)
            }
            canvas.text("channel \(spectrum.channel)", x: x, y: top + side + 5)
        }
    }

    private func drawComparison(_ canvas: inout Canvas) {
        let box = (x: 70, y: 540, width: 490, height: 260)
        switch comparison {
        case .scatter(let key, let measured):
            drawScatter(&canvas, box, key: key, measured: Self.unitScaled(measured, like: key))
        case .rings(let radii, let channels): drawRings(&canvas, box, radii: radii, channels: channels)
        }
    }

    private func drawScatter(
        _ canvas: inout Canvas, _ box: (x: Int, y: Int, width: Int, height: Int), key: [Double], measured: [Double]
    ) {
        let limit = Self.limit(key + measured)
        let axes = Axes(
            x: box.x, y: box.y, width: box.width, height: box.height, horizontal: -limit...limit,
            vertical: -limit...limit)
        canvas.text("measured against the key's numbers", x: box.x - 50, y: box.y - 32, scale: 2)
        canvas.draw(axes, horizontalName: "key's number", verticalName: "measured (same scale)")
        for (k, m) in zip(key, measured) { canvas.disc(centre: axes.point(k, m), radius: 1.2, .blue) }
        let slope = cosine
        canvas.line(
            from: axes.point(-limit, -limit * slope), to: axes.point(limit, limit * slope), width: 2, .orange)
        canvas.text(
            "line: slope = cosine " + String(format: "%.3f", cosine) + "; flat if unmarked", x: box.x + box.width - 8,
            y: box.y + 8, alignment: .right)
    }

    private func drawRings(
        _ canvas: inout Canvas, _ box: (x: Int, y: Int, width: Int, height: Int), radii: [Double],
        channels: [(channel: Int, key: [Double], measured: [Double])]
    ) {
        canvas.text("ring values: key (line) and measured (points)", x: box.x - 50, y: box.y - 32, scale: 2)
        let all = channels.flatMap { $0.key + Self.unitScaled($0.measured, like: $0.key) }
        let limit = Self.limit(all)
        let shown = channels.prefix(4)
        let height = (box.height - 14 * (shown.count - 1)) / max(shown.count, 1)
        for (index, series) in shown.enumerated() {
            let axes = Axes(
                x: box.x, y: box.y + index * (height + 14), width: box.width, height: height,
                horizontal: (radii.min() ?? 0) - 0.5...(radii.max() ?? 1) + 0.5, vertical: -limit...limit)
            let isLast = index == shown.count - 1
            canvas.frame(x: axes.x, y: axes.y, width: axes.width, height: axes.height, .grey)
            if isLast { canvas.draw(axes, horizontalName: "ring radius", verticalName: "") }
            let zero = axes.point(0, 0).y
            canvas.line(from: (Double(axes.x), zero), to: (Double(axes.x + axes.width - 1), zero), .light)
            let points = zip(radii, series.key).map { axes.point($0, $1) }
            for (a, b) in zip(points, points.dropFirst()) { canvas.line(from: a, to: b, width: 2, .orange) }
            for (radius, value) in zip(radii, Self.unitScaled(series.measured, like: series.key)) {
                canvas.disc(centre: axes.point(radius, value), radius: 3.5, .blue)
            }
            canvas.text("channel \(series.channel)", x: axes.x + 6, y: axes.y + 5)
        }
    }

    private func drawDecoys(_ canvas: inout Canvas) {
        let box = (x: 660, y: 540, width: 510, height: 260)
        canvas.text("the key among \(decoyCosines.count) decoy keys", x: box.x - 50, y: box.y - 32, scale: 2)
        let largest = decoyCosines.reduce(abs(cosine)) { max($0, abs(Double($1))) } * 1.1
        let limit = max(largest, 1e-6)
        let binCount = 121
        var bins = [Int](repeating: 0, count: binCount)
        for value in decoyCosines {
            bins[min(max(Int((Double(value) / limit + 1) / 2 * Double(binCount)), 0), binCount - 1)] += 1
        }
        let peak = Double(max(bins.max() ?? 1, 1))
        let axes = Axes(
            x: box.x, y: box.y, width: box.width, height: box.height, horizontal: -limit...limit,
            vertical: 0...peak * 1.1)
        canvas.draw(axes, horizontalName: "cosine", verticalName: "decoys")
        for (index, count) in bins.enumerated() where count > 0 {
            let left = axes.point(-limit + 2 * limit * Double(index) / Double(binCount), 0)
            let right = axes.point(-limit + 2 * limit * Double(index + 1) / Double(binCount), Double(count))
            canvas.fill(
                x: Int(left.x), y: Int(right.y), width: max(1, Int(right.x) - Int(left.x)),
                height: max(1, Int(left.y) - Int(right.y)), .grey)
        }
        let key = axes.point(cosine, 0)
        canvas.line(from: (key.x, key.y), to: (key.x, Double(box.y) + 24), width: 3, .orange)
        canvas.text(
            "key " + String(format: "%.3f", cosine), x: Int(key.x), y: box.y + 10,
            alignment: cosine > 0 ? .right : .left)
    }

    /// Measured numbers at the key's spread: what is compared is a direction.
    private static func unitScaled(_ measured: [Double], like key: [Double]) -> [Double] {
        func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let own = norm(measured)
        return own == 0 ? measured : measured.map { $0 * norm(key) / own }
    }

    private static func limit(_ values: [Double]) -> Double {
        max(values.reduce(0) { max($0, abs($1)) } * 1.05, 1e-9)
    }
}
