import Foundation

/// Numbers as reports print them.
enum ReportText {
    /// `1,234,567`.
    static func count(_ value: Int) -> String {
        var (rest, groups) = (value, [String]())
        while rest >= 1000 {
            groups.append(String(format: "%03d", rest % 1000))
            rest /= 1000
        }
        return ([String(rest)] + groups.reversed()).joined(separator: ",")
    }

    /// `3 images`, `1 image`.
    static func count(_ value: Int, _ noun: String) -> String { "\(count(value)) \(noun)\(value == 1 ? "" : "s")" }

    /// With a space that no line breaks at.
    private static let percentSign = "\u{A0}%"

    /// `97.5 %`; more digits near 0 and near 1, where they matter.
    static func percent(_ value: Double) -> String { bare(value) + percentSign }

    private static func bare(_ value: Double) -> String {
        let percent = value * 100
        if percent == 0 || percent == 100 { return String(format: "%.0f", percent) }
        if percent < 0.1 { return String(format: "%.2g", percent) }
        return String(format: percent < 1 || percent > 99.9 ? "%.2f" : "%.1f", percent)
    }

    /// `95.7 to 99.7 %`.
    static func percent(_ interval: Interval) -> String {
        "\(bare(interval.lower)) to \(bare(interval.upper))\(percentSign)"
    }

    /// `98.5 % [95.7 to 99.7 %]`, the interval exact; `-` without trials.
    static func share(_ proportion: Proportion?) -> String {
        guard let proportion, let estimate = proportion.estimate else { return "-" }
        return "\(percent(estimate)) [\(percent(proportion.exactInterval()))]"
    }

    /// `197 of 200`.
    static func ratio(_ proportion: Proportion) -> String {
        "\(count(proportion.successes)) of \(count(proportion.trials))"
    }

    /// `0.9987 [0.9969, 1]`.
    static func area(_ score: ScoreAssessment?) -> String {
        guard let score else { return "-" }
        guard let interval = score.aucInterval else { return area(score.auc) }
        return "\(area(score.auc)) [\(area(interval.lower)), \(area(interval.upper))]"
    }

    /// Four decimals, as many as an area of a few hundred images has.
    static func area(_ value: Double) -> String {
        value == 1 || value == 0 ? "\(Int(value))" : String(format: "%.4f", value)
    }

    /// The other area less ours: `-0.0312 [-0.0501, -0.0123]`.
    static func deficit(_ difference: DeLong.Difference) -> String {
        func signed(_ value: Double) -> String { abs(value) < 5e-5 ? "0" : String(format: "%+.4f", value) }
        let interval = difference.interval
        return "\(signed(-difference.difference)) [\(signed(-interval.upper)), \(signed(-interval.lower))]"
    }

    /// `1e-06` as `1e-6`, `0.01` as `1 %`.
    static func rate(_ value: Double) -> String {
        if value >= 0.001 { return String(format: "%g", value * 100) + percentSign }
        let exponent = log10(value).rounded(.down)
        let mantissa = value / pow(10, exponent)
        return String(format: "%ge%d", (mantissa * 100).rounded() / 100, Int(exponent))
    }

    /// `12.3 s`, `4 min 5 s`, `3 h 20 min`.
    static func duration(_ seconds: Double) -> String {
        if seconds < 60 { return String(format: "%.1f s", seconds) }
        let whole = Int(seconds.rounded())
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
