import Pictures

/// Something to judge: a picture, and what tells it from others.
public struct Item: Sendable {
    /// The name that its user knows it by: a path, the name of an upload, a frame of a clip.
    public let name: String
    /// SHA-256 of the encoded picture, hexadecimal.
    public let sha256: String
    /// Length of the encoded picture in bytes.
    public let bytes: Int
    /// The decoded picture, as it is stored.
    public let image: RGBImage
    /// How its file wants it to be shown.
    public let orientation: Orientation
    /// What of the file is not in the picture.
    public let notes: [PictureNote]
    /// Seconds spent on reading and decoding.
    public let seconds: Double

    /// An item of these parts.
    public init(
        name: String, sha256: String, bytes: Int, image: RGBImage, orientation: Orientation = .asStored,
        notes: [PictureNote] = [], seconds: Double
    ) {
        self.name = name
        self.sha256 = sha256
        self.bytes = bytes
        self.image = image
        self.orientation = orientation
        self.notes = notes
        self.seconds = seconds
    }
}
