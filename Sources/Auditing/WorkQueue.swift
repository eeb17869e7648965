/// What a source admitted and nobody has finished yet: it waits, or it is being worked on. Every element gets a place in
/// the order of admission, from 0.
package struct WorkQueue<Element> {
    /// How many were admitted so far.
    package private(set) var admitted = 0
    private var waiting: [(place: Int, element: Element)] = []
    private var working = 0

    /// Nothing yet.
    package init() {}

    /// How many are not finished.
    package var count: Int { waiting.count + working }

    /// Takes in an element.
    package mutating func admit(_ element: Element) {
        waiting.append((admitted, element))
        admitted += 1
    }

    /// The element that has waited longest, to be worked on; nil where none waits.
    package mutating func take() -> (place: Int, element: Element)? {
        guard !waiting.isEmpty else { return nil }
        working += 1
        return waiting.removeFirst()
    }

    /// Work on an element that was taken is done.
    package mutating func finish() {
        precondition(working > 0, "finished one more than was taken, with \(waiting.count) waiting")
        working -= 1
    }

    /// Whether all that was taken is finished.
    package var nobodyWorks: Bool { working == 0 }
}
