import CPNG
import InputErrors
import Pictures

/// Encodes 8-bit RGB PNG, the same bytes for the same image. Nothing but the picture is written: no time, no text.
public enum PNGEncoder {
    /// - Throws: `InputError` for an image without pixels or of a side over libpng's 1,000,000.
    public static func encode(_ image: RGBImage) throws -> [UInt8] {
        guard let width = UInt32(exactly: image.width), let height = UInt32(exactly: image.height) else {
            throw refusal(of: image, "\(image.width)×\(image.height)")
        }
        var description = png_image()
        description.version = UInt32(PNG_IMAGE_VERSION)
        description.width = width
        description.height = height
        description.format = 2  // PNG_FORMAT_RGB, a macro that is not imported
        defer { png_image_free(&description) }
        var count = largestFile(image)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let status = png_image_write_to_memory(
                &description, buffer.baseAddress, &count, 0, image.pixels, 0, nil)
            initialized = status != 0 ? count : 0
        }
        guard !bytes.isEmpty else {
            let message = withUnsafeBytes(of: description.message) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw refusal(of: image, message)
        }
        return bytes
    }

    /// The most bytes a file can have, by libpng's `PNG_IMAGE_PNG_SIZE_MAX`: the rows with their filter bytes, what
    /// zlib may add, 12 bytes around each chunk of 8192 or less, and the other chunks.
    private static func largestFile(_ image: RGBImage) -> Int {
        let rows = image.pixels.count + image.height
        let compressed = rows + (rows + 7) >> 3 + (rows + 63) >> 6 + 11
        return compressed + (compressed / 8192 + 1) * 12 + 1024
    }

    private static func refusal(of image: RGBImage, _ found: String) -> InputError {
        InputError(
            "PNG encoder", expected: "an image it can write", found: found,
            as: image.pixels.isEmpty ? .wrongShape : .tooLarge)
    }
}
