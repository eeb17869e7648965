import Foundation
import Marks

/// Keys of pseudorandom codes.
public struct PRCScheme: MarkScheme {
    /// `prc`.
    public let name = Self.title
    static let title = "prc"

    /// The scheme.
    public init() {}

    /// A `PRCKey`.
    public func key(document: Data, named path: String) throws -> any MarkKey {
        try PRCKey(data: document, named: path)
    }
}
