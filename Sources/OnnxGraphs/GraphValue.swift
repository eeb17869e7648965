/// A tensor inside a graph that is being built: an input, a constant or what a node makes.
public struct GraphValue: Hashable, Sendable {
    /// Its name in the graph.
    public let name: String
}
