import Tensors

/// Image files.
public enum ImageFile {
    /// The largest file that is read, in bytes.
    public static let largestFile = 1 << 30

    /// Reads and decodes a file.
    public static func read(
        _ path: String, limitMegapixels: Double = ImageDecoder.defaultLimitMegapixels
    ) throws -> RGBImage {
        try ImageDecoder.decode(
            [UInt8](InputFile.read(path, limit: largestFile)), named: path, limitMegapixels: limitMegapixels)
    }
}
