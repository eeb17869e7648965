/// A key by its fingerprint and name; never its secret.
public struct KeyIdentity: Codable, Sendable, Equatable {
    /// The key's fingerprint.
    public var id: String
    /// The name its owner gave it.
    public var name: String
    /// `ring`, `spread`, or a pattern of the Tree-Ring package; of what is no key by itself, `keyring` or `pilot`.
    public var pattern: String
    /// Whose key it is, where a key ring says so: one owner may have several.
    public var owner: String?

    /// A key's public side.
    public init(id: String, name: String, pattern: String, owner: String? = nil) {
        self.id = id
        self.name = name
        self.pattern = pattern
        self.owner = owner
    }
}
