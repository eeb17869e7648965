import Foundation

/// A box with a linear scale on each side.
public struct Axes: Sendable {
    /// The left edge, in pixels.
    public let x: Int
    /// The upper edge, in pixels.
    public let y: Int
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int
    /// The values of the left and the right edge.
    public let horizontal: ClosedRange<Double>
    /// The values of the lower and the upper edge.
    public let vertical: ClosedRange<Double>

    /// - Parameters:
    ///   - horizontal: the values of the left and right edge; widened where they are the same.
    ///   - vertical: of the lower and upper edge.
    public init(
        x: Int, y: Int, width: Int, height: Int, horizontal: ClosedRange<Double>, vertical: ClosedRange<Double>
    ) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
        self.horizontal = Self.widened(horizontal)
        self.vertical = Self.widened(vertical)
    }

    private static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
        range.upperBound - range.lowerBound > 1e-12 ? range : range.lowerBound - 1...range.upperBound + 1
    }

    /// The pixel of a pair of values.
    public func point(_ h: Double, _ v: Double) -> (x: Double, y: Double) {
        let across = (h - horizontal.lowerBound) / (horizontal.upperBound - horizontal.lowerBound)
        let up = (v - vertical.lowerBound) / (vertical.upperBound - vertical.lowerBound)
        return (Double(x) + across * Double(width - 1), Double(y) + (1 - up) * Double(height - 1))
    }

    /// Round numbers inside a range: steps of 1, 2 or 5 times a power of ten, about `count` of them.
    public static func ticks(_ range: ClosedRange<Double>, count: Int) -> [Double] {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite, count > 0 else { return [range.lowerBound] }
        let raw = span / Double(count)
        let power = pow(10, floor(log10(raw)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= raw * 0.999 } ?? 10 * power
        let first = (range.lowerBound / step).rounded(.up)
        return (0...Int((range.upperBound / step).rounded(.down) - first).clampedToCount).map {
            (first + Double($0)) * step
        }
    }

    /// A tick's number in as few digits as it needs.
    static func label(_ value: Double) -> String {
        abs(value) < 1e-12 ? "0" : String(format: "%g", (value * 1e9).rounded() / 1e9)
    }
}

extension Int {
    /// Enough for any axis; guards against ranges that are no ranges.
    fileprivate var clampedToCount: Int { Swift.min(Swift.max(self, 0), 100) }
}

extension Canvas {
    /// Frame, ticks and numbers, and a name for each side.
    public mutating func draw(_ axes: Axes, horizontalName: String, verticalName: String) {
        frame(x: axes.x, y: axes.y, width: axes.width, height: axes.height, .grey)
        let bottom = axes.y + axes.height
        for tick in Axes.ticks(axes.horizontal, count: max(2, axes.width / 80)) {
            let at = Int(axes.point(tick, axes.vertical.lowerBound).x.rounded())
            fill(x: at, y: bottom - 5, width: 1, height: 5, .grey)
            text(Axes.label(tick), x: at, y: bottom + 5, alignment: .centre)
        }
        for tick in Axes.ticks(axes.vertical, count: max(2, axes.height / 50)) {
            let at = Int(axes.point(axes.horizontal.lowerBound, tick).y.rounded())
            fill(x: axes.x, y: at, width: 5, height: 1, .grey)
            text(Axes.label(tick), x: axes.x - 5, y: at - 3, alignment: .right)
        }
        text(horizontalName, x: axes.x + axes.width / 2, y: bottom + 18, alignment: .centre)
        text(verticalName, x: axes.x, y: axes.y - 12)
    }
}
