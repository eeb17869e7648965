import Foundation

/// One axis of a chart: what it shows, its range and its ticks.
public struct SVGAxis: Sendable {
    /// How values are spread along the axis.
    public enum Scale: Sendable {
        /// Evenly.
        case linear
        /// By their logarithms; the range must be above 0.
        case logarithmic
    }

    /// What the axis shows, with its unit.
    public let name: String
    /// The values of its two ends.
    public let range: ClosedRange<Double>
    /// How values are spread.
    public let scale: Scale
    /// About how many ticks a linear axis has.
    let tickCount: Int

    /// - Parameters:
    ///   - name: what the axis shows.
    ///   - range: above 0 for a logarithmic axis; not of length 0.
    ///   - scale: how values are spread.
    ///   - ticks: about how many ticks a linear axis has.
    public init(_ name: String, _ range: ClosedRange<Double>, scale: Scale = .linear, ticks: Int = 5) {
        precondition(range.lowerBound < range.upperBound, "an axis of \(range)")
        precondition(scale == .linear || range.lowerBound > 0, "a logarithmic axis of \(range)")
        self.name = name
        self.range = range
        self.scale = scale
        tickCount = ticks
    }

    /// Where a value lies between the ends, 0 to 1; beyond them it is cut off.
    func position(_ value: Double) -> Double {
        func place(_ value: Double) -> Double { scale == .linear ? value : log10(value) }
        if scale == .logarithmic, value <= range.lowerBound { return 0 }
        let (low, high) = (place(range.lowerBound), place(range.upperBound))
        return min(max((place(value) - low) / (high - low), 0), 1)
    }

    /// The ticks' values: round numbers, or powers of ten that lie so far apart that their labels do not meet.
    var ticks: [Double] {
        switch scale {
        case .linear: return Ticks.values(range, count: tickCount)
        case .logarithmic:
            let first = Int((log10(range.lowerBound) - 1e-9).rounded(.up))
            let last = Int((log10(range.upperBound) + 1e-9).rounded(.down))
            guard first <= last else { return [] }
            let step = max(1, (last - first + 7) / 8)
            return stride(from: last, through: first, by: -step).map { pow(10, Double($0)) }.reversed()
        }
    }

    /// A tick's text: `0.2`, `1,000`, `10⁻³`.
    func label(_ value: Double) -> String {
        if scale == .linear {
            return abs(value) >= 10_000 && value == value.rounded() ? Self.grouped(Int(value)) : Ticks.label(value)
        }
        let exponent = Int(log10(value).rounded())
        if (-1...1).contains(exponent) { return Ticks.label(value) }
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        return "10" + (exponent < 0 ? "⁻" : "")
            + String("\(abs(exponent))".compactMap { $0.wholeNumberValue }.map { digits[$0] })
    }

    static func grouped(_ value: Int) -> String {
        var (rest, groups) = (abs(value), [String]())
        while rest >= 1000 {
            groups.append(String(format: "%03d", rest % 1000))
            rest /= 1000
        }
        return (value < 0 ? "-" : "") + ([String(rest)] + groups.reversed()).joined(separator: ",")
    }
}
