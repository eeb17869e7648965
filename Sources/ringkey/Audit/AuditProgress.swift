import Auditing
import Foundation
import Synchronization
import Tensors
import Verification

/// Done, found, undecided, failed, rate and time left on one line of stderr, redrawn in place; on a terminal only, and
/// never with `--quiet`.
final class AuditProgress: Sendable {
    private struct State {
        var done = 0
        var timed = 0
        var found = 0
        var undecided = 0
        var failed = 0
        var total: Int?
        var lastDrawn: ContinuousClock.Instant?
        var isOver = false
    }

    private let isShown: Bool
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(quiet: Bool) { isShown = !quiet && isatty(STDERR_FILENO) == 1 }

    /// Counts the files meanwhile, so that the time left can be told.
    func count(_ sources: [AuditSource], shard: Shard?, separator: UInt8) {
        guard isShown, sources.allSatisfy(\.isRepeatable) else { return }
        Thread.detachNewThread { [self] in
            let total = Audit.count(sources, shard: shard, separator: separator) {
                !self.state.withLock { $0.isOver }
            }
            state.withLock { $0.total = total }
        }
    }

    /// Counts an image, and redraws the line if a tenth of a second has passed since it was last drawn.
    func update(_ event: Audit.Event) {
        guard isShown else { return }
        let text: String? = state.withLock { state in
            state.done += 1
            if case .record(let record) = event {
                state.timed += 1
                switch record.outcome {
                case .failure: state.failed += 1
                case .verdict(let verdict):
                    if verdict.verdict == .watermarked { state.found += 1 }
                    if verdict.verdict == .undecided { state.undecided += 1 }
                }
            }
            let now = ContinuousClock.now
            if let lastDrawn = state.lastDrawn, now - lastDrawn < .milliseconds(100) { return nil }
            state.lastDrawn = now
            return line(state, seconds: (now - start) / .seconds(1))
        }
        if let text { draw(text) }
    }

    /// Removes the line.
    func finish() {
        let wasDrawn = state.withLock { state in
            state.isOver = true
            defer { state.lastDrawn = nil }
            return state.lastDrawn != nil
        }
        if wasDrawn { draw("") }
    }

    /// Files that needed no work count as done, and do not make the rate look better than it is.
    private func line(_ state: State, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(state.timed) / seconds : 0
        var text = "audit \(state.done)"
        if let total = state.total { text += "/\(total)" }
        text += "  found \(state.found)  undecided \(state.undecided)  failed \(state.failed)"
        text += String(format: "  %.2f/s", rate)
        if let total = state.total, rate > 0 {
            text += "  ETA " + Progress.duration(Double(max(0, total - state.done)) / rate)
        }
        return text
    }

    private func draw(_ text: String) {
        FileHandle.standardError.write(Data("\r\u{1B}[2K\(text)".utf8))
    }
}
