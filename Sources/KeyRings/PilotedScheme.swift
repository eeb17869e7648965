import Foundation
import Marks

/// Keys of key rings with a pilot.
public struct PilotedScheme: MarkScheme {
    static let schemeName = "piloted"
    /// `piloted`.
    public let name = Self.schemeName

    /// The scheme.
    public init() {}

    /// A `PilotedKey`.
    public func key(document: Data, named path: String) throws -> any MarkKey {
        try PilotedKey(data: document, named: path)
    }
}
