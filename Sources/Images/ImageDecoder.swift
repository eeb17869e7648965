import Tensors

/// Decodes PNG, JPEG and WebP from memory to 8-bit RGB, as `PIL.Image.open(…).convert("RGB")` does: an alpha channel is
/// dropped, not blended; an EXIF orientation is not applied. One difference: of 16-bit grey samples the high byte is
/// kept, where PIL cuts everything above 255 to white.
public enum ImageDecoder {
    /// The most megapixels that are decoded unless the caller raises it.
    public static let defaultLimitMegapixels = 100.0

    /// - Parameters:
    ///   - name: stands for the bytes in errors.
    ///   - limitMegapixels: larger images are refused before memory is allocated.
    /// - Throws: `InputError` naming what was expected and found.
    public static func decode(
        _ bytes: [UInt8], named name: String, limitMegapixels: Double = defaultLimitMegapixels
    ) throws -> RGBImage {
        let decoder: any FormatDecoder.Type
        switch ImageFormat(bytes) {
        case .png: decoder = PNGDecoder.self
        case .jpeg: decoder = JPEGDecoder.self
        case .webp: decoder = WebPDecoder.self
        case .unsupported(let format):
            throw InputError(name, expected: "a PNG, JPEG or WebP image", found: "\(format)")
        case nil: throw InputError(name, expected: "a PNG, JPEG or WebP image", found: "other content")
        }
        let (width, height) = try decoder.size(of: bytes, named: name)
        guard width > 0, height > 0 else {
            throw InputError(name, expected: "an image with pixels", found: "\(width)×\(height)")
        }
        guard Double(width) * Double(height) <= limitMegapixels * 1e6 else {
            throw InputError(
                name, expected: "at most \(Self.describe(limitMegapixels)) megapixels", found: "\(width)×\(height)")
        }
        return RGBImage(
            width: width, height: height,
            pixels: try decoder.pixels(of: bytes, width: width, height: height, named: name))
    }

    private static func describe(_ megapixels: Double) -> String {
        megapixels == megapixels.rounded() && megapixels < 1e9 ? "\(Int(megapixels))" : "\(megapixels)"
    }
}

/// One file format: its size from the header alone, then its pixels.
protocol FormatDecoder {
    static func size(of bytes: [UInt8], named name: String) throws -> (width: Int, height: Int)
    /// `width × height × 3` bytes, interleaved RGB.
    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8]
}
