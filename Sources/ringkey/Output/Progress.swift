import Foundation

/// Count, rate and time left on the status line, after the first second of work.
struct Progress: ~Copyable {
    private let label: String
    private var total: Int
    private var line: StatusLine

    init(_ label: String, total: Int, quiet: Bool) {
        self.label = label
        self.total = total
        line = StatusLine(quiet: quiet)
    }

    /// Redraws the line where that is due.
    mutating func update(done: Int) {
        guard line.hasRun(longerThan: .seconds(1)) else { return }
        line.update(always: done >= total) { [label, total] seconds in
            let rate = Double(done) / seconds
            let left = rate > 0 ? StatusLine.duration(Double(total - done) / rate) : "?"
            let filled = total > 0 ? done * 24 / total : 0
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
            return "\(label) [\(bar)] \(done)/\(total)  \(String(format: "%.2f", rate))/s  ETA \(left)"
        }
    }

    /// Redraws the line where the total is known only now.
    mutating func update(done: Int, of total: Int) {
        self.total = total
        update(done: done)
    }

    /// Removes the line.
    mutating func finish() { line.remove() }
}
