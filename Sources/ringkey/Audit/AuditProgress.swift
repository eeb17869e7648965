import Auditing
import Foundation
import Synchronization

/// Done, found, undecided, failed, rate and time left of an audit on the status line.
final class AuditProgress: Sendable {
    private struct Tally {
        var done = 0
        var timed = 0
        var found = 0
        var undecided = 0
        var failed = 0
        var total: Int?
        var isOver = false
    }

    private let isShown: Bool
    private let line: Mutex<StatusLine>
    private let tally = Mutex(Tally())

    init(quiet: Bool) {
        let line = StatusLine(quiet: quiet)
        isShown = line.isShown
        self.line = Mutex(line)
    }

    /// Counts the files in the background, to estimate the time left.
    func count(_ sources: [AuditSource], shard: Shard?, separator: UInt8) {
        guard isShown, sources.allSatisfy(\.isRepeatable) else { return }
        // Without a thread there is no estimate of the time left.
        try? DetachedThread.start("count") { [self] in
            let total = Audit.count(sources, shard: shard, separator: separator) {
                !self.tally.withLock { $0.isOver }
            }
            tally.withLock { $0.total = total }
        }
    }

    /// Counts an image, and redraws the line where that is due.
    func update(_ event: Audit.Event) {
        guard isShown else { return }
        let counted = tally.withLock { tally in
            tally.done += 1
            if case .record(let record) = event {
                tally.timed += 1
                switch record.outcome {
                case .failure: tally.failed += 1
                case .verdict(let verdict):
                    if verdict.verdict == .watermarked { tally.found += 1 }
                    if verdict.verdict == .undecided { tally.undecided += 1 }
                }
            }
            return tally
        }
        line.withLock { line in line.update { Self.text(counted, seconds: $0) } }
    }

    /// Removes the line.
    func finish() {
        tally.withLock { $0.isOver = true }
        line.withLock { $0.remove() }
    }

    /// Files that needed no work count as done, and do not make the rate look better than it is.
    private static func text(_ tally: Tally, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(tally.timed) / seconds : 0
        var text = "audit \(tally.done)"
        if let total = tally.total { text += "/\(total)" }
        text += "  found \(tally.found)  undecided \(tally.undecided)  failed \(tally.failed)"
        text += String(format: "  %.2f/s", rate)
        if let total = tally.total, rate > 0 {
            text += "  ETA " + StatusLine.duration(Double(max(0, total - tally.done)) / rate)
        }
        return text
    }
}
