/// One input or output of a network.
public struct TensorPort: Sendable, Equatable, Codable, CustomStringConvertible {
    /// The extent of one axis.
    public enum Extent: Sendable, Equatable, Codable, CustomStringConvertible {
        case fixed(Int)
        /// Any extent, under the name the exporter gave it (empty where it gave none).
        case dynamic(String)

        /// The number or the name; `?` where there is none.
        public var description: String {
            switch self {
            case .fixed(let extent): "\(extent)"
            case .dynamic(let name): name.isEmpty ? "?" : name
            }
        }
    }

    /// The name in the graph.
    public let name: String
    /// The type of the elements.
    public let type: ElementType
    /// One extent an axis; a scalar has none.
    public let shape: [Extent]

    /// A port of the given name, type and shape.
    public init(name: String, type: ElementType, shape: [Extent]) {
        self.name = name
        self.type = type
        self.shape = shape
    }

    /// The fixed extent of an axis; nil where it is dynamic or there is no such axis.
    public func extent(_ axis: Int) -> Int? {
        guard shape.indices.contains(axis), case .fixed(let extent) = shape[axis] else { return nil }
        return extent
    }

    /// Whether a tensor of this shape fits.
    public func accepts(_ shape: [Int]) -> Bool {
        shape.count == self.shape.count && shape.indices.allSatisfy { (extent($0) ?? shape[$0]) == shape[$0] }
    }

    /// `sample float32 [batch_size, 4, height, width]`.
    public var description: String {
        "\(name) \(type) [\(shape.map(\.description).joined(separator: ", "))]"
    }
}
