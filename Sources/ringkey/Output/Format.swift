import Foundation
import Verification

/// Numbers as people read them.
enum Format {
    /// `2.1e-17`; also below the smallest Double, from the logarithm. `-` where there is none.
    static func pValue(_ value: Double?, log10: Double?) -> String {
        guard let value, let log10 else { return "-" }
        if log10 < -300 {
            let exponent = log10.rounded(.down)
            return String(format: "%.1fe%d", pow(10, log10 - exponent), Int(exponent))
        }
        return value >= 0.001 ? String(format: "%.3f", value) : String(format: "%.1e", value)
    }

    static func seconds(_ value: Double) -> String { String(format: value < 10 ? "%.2f" : "%.1f", value) }

    /// `1 step`, `10 steps`.
    static func steps(_ number: Int) -> String { "\(number) step\(number == 1 ? "" : "s")" }

    /// `1 of 10001`; `-` where there were no decoys.
    static func rank(_ verdict: Verdict) -> String {
        verdict.decoyRank.map { "\($0) of \(verdict.decoys + 1)" } ?? "-"
    }

    static func count(_ number: Int) -> String {
        switch number {
        case ..<10_000: "\(number)"
        case ..<10_000_000: String(format: "%.0f k", Double(number) / 1e3)
        default: String(format: "%.1f M", Double(number) / 1e6)
        }
    }

    static func bytes(_ number: Int) -> String { String(format: "%.1f MB", Double(number) / 1e6) }
}
