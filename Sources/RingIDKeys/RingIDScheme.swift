import Foundation
import Marks

/// Keys of RingID.
public struct RingIDScheme: MarkScheme {
    /// `ringid`.
    public let name = Self.title
    static let title = "ringid"

    /// The scheme.
    public init() {}

    /// A `RingIDKey`.
    public func key(document: Data, named path: String) throws -> any MarkKey {
        try RingIDKey(data: document, named: path)
    }
}
