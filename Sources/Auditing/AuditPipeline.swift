import Foundation
import Verification

/// The places where an audit's threads meet: source → examiners → judges → writer. One lock guards everything; nobody
/// works while holding it.
///
/// Lines come out in the order of the files, however long each takes. Bounded: at most `window` files are on their way to
/// a verdict, and at most `lead` results wait for a slower one before them.
final class AuditPipeline: @unchecked Sendable {
    /// A file on its way, by its place in the order.
    struct Item: Sendable {
        let place: Int
        let candidate: Candidate
    }

    /// An image that waits to be judged.
    struct Ready: Sendable {
        let item: Item
        let subject: Subject
        let stamp: FileStamp
    }

    /// What became of a file.
    enum Result: Sendable {
        case record(AuditRecord)
        case already
        case skipped
    }

    private let batch: Int
    private let window: Int
    private let lead = 4096

    private let condition = NSCondition()
    private var admitted = 0
    private var written = 0
    private var examining = 0
    private var judging = 0
    private var waiting: [Item] = []
    private var ready: [Ready] = []
    private var finished: [Int: Result] = [:]
    private var sourceEnded = false
    private var sourceIsIdle = false
    private var sourceIsHeld = false
    private var stopped = false
    private var failure: (any Error)?
    private var judgingSince: ContinuousClock.Instant?
    private var judgingTime = Duration.zero

    /// - Parameters:
    ///   - batch: images judged at once.
    ///   - judges, examiners: how many threads do each.
    init(batch: Int, judges: Int, examiners: Int) {
        self.batch = batch
        window = (judges + 1) * batch + examiners
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return body()
    }

    /// Whether the source has to wait for room.
    private var isFull: Bool {
        waiting.count + examining + ready.count + judging >= window || admitted - written >= lead
    }

    // MARK: - The source's thread

    /// Hands over a file, once there is room for it.
    /// - Returns: false where no more are wanted.
    func admit(_ candidate: Candidate) -> Bool {
        locked {
            while !stopped, isFull {
                sourceIsHeld = true
                condition.broadcast()
                condition.wait()
            }
            sourceIsHeld = false
            if stopped { return false }
            waiting.append(Item(place: admitted, candidate: candidate))
            admitted += 1
            return true
        }
    }

    /// Tells that the source has nothing for now, so that an incomplete batch is not to wait.
    func sourceIsWaiting(_ isIdle: Bool) { locked { sourceIsIdle = isIdle } }

    /// Tells that all files were handed over.
    func endSource(_ error: (any Error)?) {
        locked {
            sourceEnded = true
            failure = failure ?? error
        }
    }

    // MARK: - Examiners

    /// The next file to examine; nil at the end.
    func takeItem() -> Item? {
        locked {
            while !stopped, waiting.isEmpty, !sourceEnded { condition.wait() }
            guard !stopped, !waiting.isEmpty else { return nil }
            examining += 1
            return waiting.removeFirst()
        }
    }

    /// Hands over an image to judge.
    func put(_ image: Ready) {
        locked {
            examining -= 1
            ready.append(image)
        }
    }

    /// Hands over the end of a file that is not judged.
    func put(_ result: Result, for item: Item) {
        locked {
            examining -= 1
            finished[item.place] = result
        }
    }

    // MARK: - Judges

    /// The next images to judge, in order; fewer than a batch only where no more are to be had soon. Nil at the end.
    func takeBatch() -> [Ready]? {
        locked {
            while !stopped {
                // A source that waits for room may not have noticed yet that there is some.
                let isQuiet =
                    waiting.isEmpty && examining == 0 && (sourceEnded || sourceIsIdle || sourceIsHeld && isFull)
                if ready.count >= batch || isQuiet && !ready.isEmpty {
                    ready.sort { $0.item.place < $1.item.place }
                    let taken = Array(ready.prefix(batch))
                    ready.removeFirst(taken.count)
                    if judging == 0 { judgingSince = .now }
                    judging += taken.count
                    return taken
                }
                if isQuiet, sourceEnded { return nil }
                condition.wait()
            }
            return nil
        }
    }

    /// Hands over what became of judged images.
    func put(_ results: [(Item, Result)]) {
        locked {
            judging -= results.count
            for (item, result) in results { finished[item.place] = result }
            if judging == 0, let since = judgingSince { judgingTime += .now - since }
        }
    }

    /// The time in which at least one batch was being judged.
    var judgingDuration: Duration { locked { judgingTime } }

    // MARK: - The writer

    /// The next result in order; nil at the end. After a stop, what was finished comes without what was not.
    func takeResult() -> Result? {
        locked {
            while true {
                if let result = finished.removeValue(forKey: written) {
                    written += 1
                    return result
                }
                if stopped, examining == 0, judging == 0 {
                    guard let next = finished.keys.min(), let result = finished.removeValue(forKey: next) else {
                        return nil
                    }
                    return result
                }
                if sourceEnded, written == admitted { return nil }
                condition.wait()
            }
        }
    }

    /// Ends the audit when what is being examined and judged now is done.
    func stop(_ error: (any Error)? = nil) {
        locked {
            stopped = true
            failure = failure ?? error
        }
    }

    /// Whether all files were handed over and finished.
    var isComplete: Bool { locked { sourceEnded && !stopped && failure == nil } }

    /// Why the audit ended early.
    var error: (any Error)? { locked { failure } }
}
