import Foundation

/// Numbers as people read them.
enum Format {
    static func seconds(_ value: Double) -> String { String(format: value < 10 ? "%.2f" : "%.1f", value) }

    /// `1 step`, `10 steps`.
    static func steps(_ number: Int) -> String { "\(number) step\(number == 1 ? "" : "s")" }

    static func count(_ number: Int) -> String {
        switch number {
        case ..<10_000: "\(number)"
        case ..<10_000_000: String(format: "%.0f k", Double(number) / 1e3)
        default: String(format: "%.1f M", Double(number) / 1e6)
        }
    }

    static func bytes(_ number: Int) -> String { String(format: "%.1f MB", Double(number) / 1e6) }
}
