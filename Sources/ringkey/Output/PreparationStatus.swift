import Models
import Synchronization

/// The status line while weights are rounded to 8 bits, which happens once for a model.
enum PreparationStatus {
    /// Draws the line, and removes it at the end.
    static let observer = PreparationObserver { part in
        line.withLock { line in
            var progress =
                line.take() ?? Progress("prepare int8 weights", total: steps, quiet: isSilent.load(ordering: .relaxed))
            let done = Int(part * Double(steps))
            progress.update(done: done)
            if done >= steps { progress.finish() } else { line = consume progress }
        }
    }

    /// Draws no line from now on.
    static func silence() { isSilent.store(true, ordering: .relaxed) }

    private static let isSilent = Atomic(false)
    private static let steps = 100
    private static let line = Mutex<Progress?>(nil)
}
