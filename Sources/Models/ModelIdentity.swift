/// A model by the digest of its files and the folder it was loaded from.
public struct ModelIdentity: Codable, Sendable, Equatable {
    /// The folder's last name.
    public var name: String
    /// The folder.
    public var path: String
    /// SHA-256 over the model's files, hexadecimal.
    public var digest: String
    /// What its large networks calculated with; nil for float32, and where the model's files say it.
    public var precision: Precision?
    /// Another autoencoder that was looked through first.
    public var autoencoder: Part?

    /// A model that lends one of its parts.
    public struct Part: Codable, Sendable, Equatable {
        /// Its last name.
        public var name: String
        /// Where it was loaded from.
        public var path: String
        /// SHA-256 over its files, hexadecimal.
        public var digest: String
        /// As `ModelIdentity.precision`.
        public var precision: Precision?
    }

    /// A model's name, place and digest.
    public init(
        name: String, path: String, digest: String, precision: Precision? = nil, autoencoder: ModelIdentity? = nil
    ) {
        self.name = name
        self.path = path
        self.digest = digest
        self.precision = precision
        self.autoencoder = autoencoder.map {
            Part(name: $0.name, path: $0.path, digest: $0.digest, precision: $0.precision)
        }
    }
}
