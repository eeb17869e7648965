import Files
import Items
import Pictures

/// A file that holds a picture.
public struct ImageFile: ItemSource {
    /// The largest file that is read, in bytes.
    public static let largestFile = 1 << 30

    /// Its path.
    public let name: String

    /// The file at `path`.
    public init(_ path: String) { name = path }

    /// Reads and decodes the file.
    public func item(limitMegapixels: Double) throws -> Item {
        let start = ContinuousClock.now
        let content = try InputFile.read(name, limit: Self.largestFile)
        return try EncodedImage(name: name, content: content, since: start).item(limitMegapixels: limitMegapixels)
    }

    /// Reads and decodes a file of which only the picture is wanted.
    public static func read(
        _ path: String, limitMegapixels: Double = ImageDecoder.defaultLimitMegapixels
    ) throws -> RGBImage {
        try ImageDecoder.decode(
            [UInt8](InputFile.read(path, limit: largestFile)), named: path, limitMegapixels: limitMegapixels)
    }
}
