/// A key by its fingerprint and name; never its secret.
public struct KeyIdentity: Codable, Sendable, Equatable {
    /// The key's fingerprint.
    public var id: String
    /// The name its owner gave it.
    public var name: String
    /// `ring`, `spread`, or a pattern of the Tree-Ring package.
    public var pattern: String

    /// A key's public side.
    public init(id: String, name: String, pattern: String) {
        self.id = id
        self.name = name
        self.pattern = pattern
    }
}
