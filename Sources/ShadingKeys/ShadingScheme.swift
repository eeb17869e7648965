import Foundation
import Marks

/// Keys of Gaussian Shading.
public struct ShadingScheme: MarkScheme {
    /// `gaussian-shading`.
    public let name = Self.title
    static let title = "gaussian-shading"

    /// The scheme.
    public init() {}

    /// A `ShadingKey`.
    public func key(document: Data, named path: String) throws -> any MarkKey {
        try ShadingKey(data: document, named: path)
    }
}
