/// Gathers what comes in any order into batches, and measures the time in which at least one batch is being judged.
package struct BatchGatherer<Element> {
    private let size: Int
    private var ready: [(place: Int, element: Element)] = []
    private var judging = 0
    private var judgingSince = ContinuousClock.now

    /// The time in which at least one batch was being judged; of a batch that is not finished, nothing.
    package private(set) var judgingTime = Duration.zero

    /// - Parameter size: of a full batch, from 1.
    package init(size: Int) {
        precondition(size >= 1, "batches of \(size)")
        self.size = size
    }

    /// How many were gathered and are not judged yet.
    package var count: Int { ready.count + judging }

    /// Takes in an element.
    package mutating func add(_ element: Element, at place: Int) { ready.append((place, element)) }

    /// The next batch, by place; the rest waits for the next one.
    /// - Parameter isPartial: whether fewer than a full batch will do.
    /// - Returns: nil where there are too few.
    package mutating func take(partial isPartial: Bool) -> [Element]? {
        guard ready.count >= size || isPartial && !ready.isEmpty else { return nil }
        ready.sort { $0.place < $1.place }
        let batch = ready.prefix(size).map(\.element)
        ready.removeFirst(batch.count)
        if judging == 0 { judgingSince = .now }
        judging += batch.count
        return batch
    }

    /// So many elements of batches are judged.
    package mutating func finish(_ count: Int) {
        precondition(count <= judging, "judged \(count) of \(judging)")
        judging -= count
        if judging == 0 { judgingTime += .now - judgingSince }
    }

    /// Whether all batches that were taken are finished.
    package var nobodyJudges: Bool { judging == 0 }
}
