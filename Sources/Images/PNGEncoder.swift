import CPNG
import Tensors

/// Encodes 8-bit RGB PNG, the same bytes for the same image.
public enum PNGEncoder {
    public static func encode(_ image: RGBImage) throws -> [UInt8] {
        var description = png_image()
        description.version = UInt32(PNG_IMAGE_VERSION)
        description.width = UInt32(image.width)
        description.height = UInt32(image.height)
        description.format = 2  // PNG_FORMAT_RGB, a macro that is not imported
        defer { png_image_free(&description) }
        // Deflate's worst case and room for the chunks.
        var count = image.pixels.count + image.height + image.pixels.count / 1000 + 4096
        var bytes = [UInt8](repeating: 0, count: count)
        guard png_image_write_to_memory(&description, &bytes, &count, 0, image.pixels, 0, nil) != 0 else {
            throw InputError(
                "PNG encoder", expected: "an image it can write", found: "\(image.width)×\(image.height)")
        }
        return Array(bytes[..<count])
    }
}
