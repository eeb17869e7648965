/// A model by the digest of its files and the folder it was loaded from.
public struct ModelIdentity: Codable, Sendable, Equatable {
    /// The folder's last name.
    public var name: String
    /// The folder.
    public var path: String
    /// SHA-256 over the model's files, hexadecimal.
    public var digest: String

    /// A model's name, place and digest.
    public init(name: String, path: String, digest: String) {
        self.name = name
        self.path = path
        self.digest = digest
    }
}
