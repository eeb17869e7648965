/// A calibration by its digest.
public struct CalibrationIdentity: Codable, Sendable, Equatable {
    /// SHA-256 over what it is, hexadecimal.
    public var digest: String
    /// How many images it was learnt from.
    public var images: Int

    /// A calibration's digest and size.
    public init(digest: String, images: Int) {
        self.digest = digest
        self.images = images
    }
}
