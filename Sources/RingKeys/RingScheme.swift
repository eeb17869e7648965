import Foundation
import Marks

/// Tree-ring keys: ringkey's own `ring` and `spread`, and those of the Tree-Ring package.
public struct RingScheme: MarkScheme {
    /// `ring`.
    public let name = "ring"

    /// The scheme.
    public init() {}

    /// A `RingKey`.
    public func key(document: Data, named path: String) throws -> any MarkKey {
        try RingKey(data: document, named: path)
    }
}
