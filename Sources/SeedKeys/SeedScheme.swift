import Foundation
import Marks

/// Seeds as keys.
public struct SeedScheme: MarkScheme {
    /// `seed`.
    public let name = Self.title
    static let title = "seed"

    /// The scheme.
    public init() {}

    /// A `SeedKey`.
    public func key(document: Data, named path: String) throws -> any MarkKey {
        try SeedKey(data: document, named: path)
    }
}
