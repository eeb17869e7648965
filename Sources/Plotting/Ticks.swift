import Foundation

/// The round numbers along an axis.
package enum Ticks {
    /// Round numbers inside a range: steps of 1, 2 or 5 times a power of ten, about `count` of them.
    package static func values(_ range: ClosedRange<Double>, count: Int) -> [Double] {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite, count > 0 else { return [range.lowerBound] }
        let raw = span / Double(count)
        let power = pow(10, floor(log10(raw)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= raw * 0.999 } ?? 10 * power
        let first = (range.lowerBound / step).rounded(.up)
        let steps = (range.upperBound / step).rounded(.down) - first
        return (0...Int(min(max(steps, 0), 100))).map { (first + Double($0)) * step }
    }

    /// A tick's number in as few digits as it needs.
    package static func label(_ value: Double) -> String {
        abs(value) < 1e-12 ? "0" : String(format: "%g", (value * 1e9).rounded() / 1e9)
    }
}
