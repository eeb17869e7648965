import CWebP
import InputErrors

/// WebP by libwebp: lossy and lossless; animations are refused.
enum WebPDecoder: FormatDecoder {
    static func header(of bytes: [UInt8], named name: String) throws -> ImageHeader {
        var features = WebPBitstreamFeatures()
        guard WebPGetFeatures(bytes, bytes.count, &features) == VP8_STATUS_OK else {
            throw InputError(name, expected: "a complete WebP image", found: "a damaged header", as: .damaged)
        }
        guard features.has_animation == 0 else {
            throw InputError(name, expected: "a still WebP image", found: "an animation", as: .unsupported)
        }
        let exif = RIFFChunks(bytes[...], from: 12).first { $0.name == "EXIF" }
        return ImageHeader(
            width: Int(features.width), height: Int(features.height),
            orientation: exif.flatMap { ExifOrientation.read($0.content) } ?? .asStored)
    }

    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        guard WebPDecodeRGBInto(bytes, bytes.count, &pixels, pixels.count, Int32(width * 3)) != nil else {
            throw InputError(name, expected: "a complete WebP image", found: "damaged or missing data", as: .damaged)
        }
        return pixels
    }
}
