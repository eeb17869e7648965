import Models
import Synchronization

/// The graphs of one network that are open, each made at its first use; threads that come meanwhile wait for it. Where each
/// size has its own, a few are kept. A failure is not kept: the next use tries again.
final class OpenGraphs<Graph: Sendable>: Sendable {
    /// Graphs of different sizes that are kept; weights are mapped or copied for each.
    static var most: Int { 3 }

    private struct Entry {
        let size: ImageSize?
        let graph: Graph
    }

    /// The one that was used last at the end.
    private let entries = Mutex<[Entry]>([])
    private let checked = Mutex<Set<ImageSize>>([])
    private let source: GraphSource
    private let check: @Sendable (Session) throws -> Graph

    /// - Parameter check: makes of a session what is needed of it, or refuses it.
    init(_ source: GraphSource, check: @escaping @Sendable (Session) throws -> Graph) {
        self.source = source
        self.check = check
    }

    /// How many items of a size are to go through the graph at once; nil for all of them.
    func most(_ size: ImageSize) -> Int? { source.memory?.items(size) }

    /// The graph for inputs of a size.
    /// - Throws: `InputError` for a size that there is not enough memory for, and what opening throws.
    func callAsFunction(_ size: ImageSize) throws -> Graph {
        try requireMemory(size)
        switch source.kind {
        case .anySize(let open): return try graph(nil, open)
        case .eachSize(let open): return try graph(size) { try open(size) }
        }
    }

    /// Once for each size: afterwards memory that is taken is this network's own.
    private func requireMemory(_ size: ImageSize) throws {
        guard let memory = source.memory, !checked.withLock({ $0.contains(size) }) else { return }
        try memory.require(size)
        checked.withLock { _ = $0.insert(size) }
    }

    private func graph(_ key: ImageSize?, _ open: () throws -> Session) throws -> Graph {
        try entries.withLock { entries in
            if let index = entries.firstIndex(where: { $0.size == key }) {
                let known = entries.remove(at: index)
                entries.append(known)
                return known.graph
            }
            // The oldest goes first, so that its memory is there for the new one.
            if entries.count == Self.most { entries.removeFirst() }
            let graph = try check(open())
            entries.append(Entry(size: key, graph: graph))
            return graph
        }
    }

    /// Opens the graph unless it is there or there is one for each size.
    func load() throws {
        if case .anySize(let open) = source.kind { _ = try graph(nil, open) }
    }
}
