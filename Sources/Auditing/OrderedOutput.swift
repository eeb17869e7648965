/// Gives back in order what is finished in any order.
package struct OrderedOutput<Element> {
    private var finished: [Int: Element] = [:]
    /// How many were given back in order so far.
    package private(set) var given = 0

    /// Nothing yet.
    package init() {}

    /// Takes in what is finished.
    /// - Parameter place: in the order, from 0; each comes once.
    package mutating func put(_ element: Element, at place: Int) { finished[place] = element }

    /// The next in order; nil while it is not finished.
    package mutating func next() -> Element? {
        guard let element = finished.removeValue(forKey: given) else { return nil }
        given += 1
        return element
    }

    /// The first in order of what is finished, whatever is missing before it; nil where nothing is left.
    package mutating func earliest() -> Element? {
        finished.keys.min().flatMap { finished.removeValue(forKey: $0) }
    }
}
