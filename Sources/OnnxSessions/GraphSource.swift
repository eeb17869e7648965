import Models

/// How the graph of a network is opened.
package struct GraphSource: Sendable {
    enum Kind: Sendable {
        case anySize(@Sendable () throws -> Session)
        case eachSize(@Sendable (ImageSize) throws -> Session)
    }

    let kind: Kind
    /// What it takes to run; nil where nobody knows.
    let memory: WorkingMemory?

    /// One graph for inputs of any size, or of the one size that it was exported for.
    package static func anySize(
        memory: WorkingMemory? = nil, _ open: @escaping @Sendable () throws -> Session
    ) -> GraphSource {
        GraphSource(kind: .anySize(open), memory: memory)
    }

    /// A graph for each height and width of the input.
    package static func eachSize(
        memory: WorkingMemory? = nil, _ open: @escaping @Sendable (ImageSize) throws -> Session
    ) -> GraphSource {
        GraphSource(kind: .eachSize(open), memory: memory)
    }
}
