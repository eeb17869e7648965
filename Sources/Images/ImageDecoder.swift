import Files
import Foundation
import InputErrors
import Pictures

/// Decodes images of all formats that are known (docs/images.md) from memory to 8-bit RGB, as
/// `PIL.Image.open(…).convert("RGB")` does: an alpha channel is dropped, not blended; gamma and colour profiles are not
/// applied. Pixels stay as they are stored: what a file wants to be done to them before they are shown is told by
/// `DecodedPicture.orientation`. Of several frames the first is read.
///
/// One difference: of 16-bit samples the high byte is kept, in grey images too, where PIL makes everything above 255
/// white (its mode `I;16`, up to Pillow 13.0). PIL's own 16-bit colour keeps the high byte as well. What was left out is
/// told by `DecodedPicture.notes`.
public enum ImageDecoder {
    /// The most megapixels that are decoded unless the caller raises it.
    public static let defaultLimitMegapixels = 100.0

    /// The most pixels that are decoded however high the limit: what an array of them can always be asked for.
    static let largestPixelCount = 1 << 30

    /// The stored pixels alone.
    /// - Parameters:
    ///   - bytes: of a file.
    ///   - name: stands for the bytes in errors.
    ///   - limitMegapixels: larger images are refused before memory is allocated.
    /// - Throws: `InputError` naming what was expected and found.
    public static func decode(
        _ bytes: [UInt8], named name: String, limitMegapixels: Double = defaultLimitMegapixels
    ) throws -> RGBImage {
        try picture(bytes, named: name, limitMegapixels: limitMegapixels).image
    }

    /// The stored pixels, and what the file says of them; as `decode`.
    public static func picture(
        _ bytes: [UInt8], named name: String, limitMegapixels: Double = defaultLimitMegapixels
    ) throws -> DecodedPicture {
        guard let format = ImageFormat(bytes) else {
            throw InputError(name, expected: expectation, found: describe(bytes), as: .notAnImage)
        }
        guard let decoder = format.decoder else {
            throw InputError(name, expected: expectation, found: format.unsupportedName ?? "another", as: .unsupported)
        }
        let header = try decoder.header(of: bytes, named: name)
        let (width, height) = (header.width, header.height)
        guard width > 0, height > 0 else {
            throw InputError(name, expected: "an image with pixels", found: "\(width)×\(height)", as: .damaged)
        }
        let pixelCount = Double(width) * Double(height)
        guard pixelCount <= limitMegapixels * 1e6 else {
            throw InputError(
                name, expected: "at most \(describe(limitMegapixels)) megapixels", found: "\(width)×\(height)",
                as: .tooLarge)
        }
        guard pixelCount <= Double(largestPixelCount) else {
            throw InputError(
                name, expected: "at most \(largestPixelCount) pixels", found: "\(width)×\(height)", as: .tooLarge)
        }
        // A library that gets no memory says that the image is damaged, and Swift's arrays end the process.
        let cost = decoder.cost(of: MemoryBytes(name: name, data: Data(bytes)))?.bytes
        try Memory.require(Int(cost ?? pixelCount * Double(mostBytesPerPixel)), for: name)
        let pixels = try decoder.pixels(of: bytes, width: width, height: height, named: name)
        return DecodedPicture(
            image: RGBImage(width: width, height: height, pixels: pixels), orientation: header.orientation,
            notes: header.notes)
    }

    /// What names of image files end in, in lower case and without a dot.
    private static let nameEndings: Set<String> = [
        "png", "apng", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "tif", "tiff", "bmp", "dib", "avif", "avifs",
        "heic", "heics", "heif", "hif", "jxl",
    ]

    /// Whether a file's name promises an image, by its ending.
    public static func isNamedAsImage(_ name: RawPath) -> Bool {
        let name = name.lastComponent.bytes
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return false }
        return nameEndings.contains(String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased())
    }

    /// The formats that are read, for a text: `PNG, … or …`.
    public static let formatNames = "PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF, HEIC or JPEG XL"

    /// Whether a file that begins with these bytes (16 are enough) is of a format that is decoded.
    public static func recognises(_ beginning: [UInt8]) -> Bool {
        ImageFormat(beginning)?.decoder != nil
    }

    private static let expectation = "an image: \(formatNames)"

    /// Describes content of an unknown format.
    private static func describe(_ bytes: [UInt8]) -> String {
        if bytes.isEmpty { return "no bytes" }
        let isText = bytes.prefix(512).allSatisfy { (0x20...0x7E).contains($0) || [0x09, 0x0A, 0x0D].contains($0) }
        return isText ? "text" : "other content"
    }

    private static func describe(_ megapixels: Double) -> String {
        Int(exactly: megapixels).map { "\($0)" } ?? "\(megapixels)"
    }
}

/// One file format: what stands in its header, then its pixels as they are stored.
protocol FormatDecoder {
    /// Reads the header and allocates no memory for pixels.
    static func header(of bytes: [UInt8], named name: String) throws -> ImageHeader
    /// `width × height × 3` bytes, interleaved RGB.
    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8]
    /// What decoding takes; nil where the header does not tell.
    static func cost(of source: some ByteSource) -> DecodingCost?
}

extension FormatDecoder {
    static func cost(of source: some ByteSource) -> DecodingCost? {
        cost(of: source, bytesPerPixel: ImageDecoder.mostBytesPerPixel)
    }

    /// By what the header says, where that stands in the first 16 MiB: TIFF may have it at the end.
    static func cost(of source: some ByteSource, bytesPerPixel: Int) -> DecodingCost? {
        let beginning = (try? source.bytes(at: 0, count: min(16 << 20, source.count))) ?? []
        guard let header = try? header(of: beginning, named: source.name) else { return nil }
        return DecodingCost(width: header.width, height: header.height, bytesPerPixel: bytesPerPixel)
    }
}
