import Models

/// How the graph of a network is opened.
package enum GraphSource: Sendable {
    /// One graph for inputs of any size, or of the one size that it was exported for.
    case anySize(@Sendable () throws -> Session)
    /// A graph for each height and width of the input.
    case eachSize(@Sendable (ImageSize) throws -> Session)
}
