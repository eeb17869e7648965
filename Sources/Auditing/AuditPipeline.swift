import Foundation
import Verdicts
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

    /// What the source's thread is doing.
    private enum SourceState {
        /// Reading.
        case busy
        /// Waiting for more to read, perhaps for ever.
        case idle
        /// Waiting for room.
        case held
        /// Nothing: all files were handed over.
        case ended
    }

    private let window: Int
    private let lead = 4096

    private let condition = NSCondition()
    private var source = SourceState.busy
    private var queue = WorkQueue<Candidate>()
    private var gatherer: BatchGatherer<Ready>
    private var output = OrderedOutput<Result>()
    private var isStopped = false
    private var failure: (any Error)?

    /// - Parameters:
    ///   - batch: images judged at once.
    ///   - judges, examiners: how many threads do each.
    ///   - mostWaiting: files that may be on their way to a verdict; batches are smaller where these are fewer.
    init(batch: Int, judges: Int, examiners: Int, mostWaiting: Int = .max) {
        gatherer = BatchGatherer(size: batch)
        window = max(1, min(mostWaiting, (judges + 1) * batch + examiners))
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
        queue.count + gatherer.count >= window || queue.admitted - output.given >= lead
    }

    // MARK: - The source's thread

    /// Hands over a file, once there is room for it.
    /// - Returns: false where no more are wanted.
    func admit(_ candidate: Candidate) -> Bool {
        locked {
            while !isStopped, isFull {
                source = .held
                condition.broadcast()
                condition.wait()
            }
            source = .busy
            if isStopped { return false }
            queue.admit(candidate)
            return true
        }
    }

    /// Tells that the source has nothing for now, so that an incomplete batch is not to wait.
    func sourceIsWaiting(_ isIdle: Bool) { locked { source = isIdle ? .idle : .busy } }

    /// Tells that all files were handed over.
    func endSource(_ error: (any Error)?) {
        locked {
            source = .ended
            failure = failure ?? error
        }
    }

    // MARK: - Examiners

    /// The next file to examine; nil at the end.
    func takeItem() -> Item? {
        locked {
            while !isStopped {
                if let (place, candidate) = queue.take() { return Item(place: place, candidate: candidate) }
                if source == .ended { return nil }
                condition.wait()
            }
            return nil
        }
    }

    /// Hands over an image to judge.
    func put(_ image: Ready) {
        locked {
            queue.finish()
            gatherer.add(image, at: image.item.place)
        }
    }

    /// Hands over the end of a file that is not judged.
    func put(_ result: Result, for item: Item) {
        locked {
            queue.finish()
            output.put(result, at: item.place)
        }
    }

    // MARK: - Judges

    /// Whether no further image is to be had soon. A source that waits for room may not have noticed yet that there is
    /// some.
    private var isQuiet: Bool {
        guard queue.count == 0 else { return false }
        switch source {
        case .busy: return false
        case .held: return isFull
        case .idle, .ended: return true
        }
    }

    /// The next images to judge, in order; fewer than a batch only where no more are to be had soon. Nil at the end.
    func takeBatch() -> [Ready]? {
        locked {
            while !isStopped {
                if let batch = gatherer.take(partial: isQuiet) { return batch }
                if isQuiet, source == .ended { return nil }
                condition.wait()
            }
            return nil
        }
    }

    /// Hands over what became of judged images.
    func put(_ results: [(Item, Result)]) {
        locked {
            gatherer.finish(results.count)
            for (item, result) in results { output.put(result, at: item.place) }
        }
    }

    /// The time in which at least one batch was being judged.
    var judgingDuration: Duration { locked { gatherer.judgingTime } }

    // MARK: - The writer

    /// The next result in order; nil at the end. After a stop, what was finished comes without what was not.
    func takeResult() -> Result? {
        locked {
            while true {
                if let result = output.next() { return result }
                if isStopped, queue.nobodyWorks, gatherer.nobodyJudges { return output.earliest() }
                if source == .ended, output.given == queue.admitted { return nil }
                condition.wait()
            }
        }
    }

    /// Ends the audit when what is being examined and judged now is done.
    func stop(_ error: (any Error)? = nil) {
        locked {
            isStopped = true
            failure = failure ?? error
        }
    }

    /// Whether all files were handed over and finished.
    var isComplete: Bool { locked { source == .ended && !isStopped && failure == nil } }

    /// Why the audit ended early.
    var error: (any Error)? { locked { failure } }
}
