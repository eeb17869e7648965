import Foundation

/// P-values and ranks as people read them.
public enum PValueText {
    /// `0.072`, `8.9e-50`; also below the smallest Double. `-` where there is none.
    /// - Parameter log10: the decimal logarithm; what is above 0 counts as 0.
    public static func text(log10: Double?) -> String {
        guard let log10 else { return "-" }
        let capped = min(log10, 0)
        if capped >= -3 { return String(format: "%.3f", pow(10, capped)) }
        var exponent = capped.rounded(.down)
        var mantissa = (pow(10, capped - exponent) * 10).rounded() / 10
        if mantissa >= 10 { (mantissa, exponent) = (1, exponent + 1) }
        return String(format: "%.1fe%.0f", mantissa, exponent)
    }

    /// The p-value of a verdict.
    public static func text(_ verdict: Verdict) -> String { text(log10: verdict.log10P) }

    /// `1 of 10001`; `-` where there were no decoys.
    public static func rank(_ verdict: Verdict) -> String {
        verdict.decoyRank.map { "\($0) of \(verdict.decoys + 1)" } ?? "-"
    }
}
