import Foundation

/// One line on stderr, redrawn in place at most ten times a second; on a terminal only, and never with `--quiet`.
struct StatusLine: ~Copyable {
    let isShown: Bool
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?

    init(quiet: Bool) { isShown = !quiet && isatty(STDERR_FILENO) == 1 }

    /// Writes the text that `text` makes of the seconds since the start, unless the line is hidden or, without `always`,
    /// was drawn less than a tenth of a second ago.
    mutating func update(always: Bool = false, _ text: (_ seconds: Double) -> String) {
        let now = ContinuousClock.now
        guard isShown else { return }
        if let lastDrawn, now - lastDrawn < .milliseconds(100), !always { return }
        lastDrawn = now
        draw(text((now - start) / .seconds(1)))
    }

    /// Whether the work has taken longer than `duration`.
    func hasRun(longerThan duration: Duration) -> Bool { ContinuousClock.now - start > duration }

    /// Removes the line.
    mutating func remove() {
        if lastDrawn != nil { draw("") }
        lastDrawn = nil
    }

    deinit { if lastDrawn != nil { draw("") } }

    /// Seconds as a person reads them: `42 s`, `3:05`, `2 h 7 min`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return whole < 60
            ? "\(whole) s"
            : whole < 3600
                ? "\(whole / 60):" + String(format: "%02d", whole % 60)
                : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    private func draw(_ text: String) {
        StandardError.write("\r\u{1B}[2K\(text)")
    }
}
