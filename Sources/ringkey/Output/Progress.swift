import Foundation

/// One line on stderr with count, rate and time left, redrawn in place; shown only on a terminal, only after a second of
/// work, and never with `--quiet`.
struct Progress: ~Copyable {
    private let label: String
    private let total: Int
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?

    init(_ label: String, total: Int, quiet: Bool) {
        self.label = label
        self.total = total
        isShown = !quiet && isatty(STDERR_FILENO) == 1
    }

    /// Redraws the line if a tenth of a second has passed since it was last drawn.
    mutating func update(done: Int) {
        let now = ContinuousClock.now
        guard isShown, now - start > .seconds(1) else { return }
        if let lastDrawn, now - lastDrawn < .milliseconds(100), done < total { return }
        lastDrawn = now
        let elapsed = (now - start) / .seconds(1)
        let rate = Double(done) / elapsed
        let left = rate > 0 ? Self.duration(Double(total - done) / rate) : "?"
        let filled = total > 0 ? done * 24 / total : 0
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
        draw("\(label) [\(bar)] \(done)/\(total)  \(String(format: "%.2f", rate))/s  ETA \(left)")
    }

    /// Removes the line.
    mutating func finish() {
        if lastDrawn != nil { draw("") }
        lastDrawn = nil
    }

    deinit { if lastDrawn != nil { draw("") } }

    private func draw(_ text: String) {
        FileHandle.standardError.write(Data("\r\u{1B}[2K\(text)".utf8))
    }

    static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return whole < 60
            ? "\(whole) s"
            : whole < 3600
                ? "\(whole / 60):" + String(format: "%02d", whole % 60)
                : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
