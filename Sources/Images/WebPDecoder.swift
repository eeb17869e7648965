import CWebP
import InputErrors

/// WebP by libwebp: lossy and lossless. Of an animation the first frame is read, on a black canvas where it does not cover
/// it, as Pillow does.
enum WebPDecoder: FormatDecoder {
    static func header(of bytes: [UInt8], named name: String) throws -> ImageHeader {
        var features = WebPBitstreamFeatures()
        guard WebPGetFeatures(bytes, bytes.count, &features) == VP8_STATUS_OK else {
            throw InputError(name, expected: "a complete WebP image", found: "a damaged header", as: .damaged)
        }
        var header = ImageHeader(width: Int(features.width), height: Int(features.height))
        var frames = 0
        for chunk in RIFFChunks(bytes[...], from: 12) {
            switch chunk.name {
            case "EXIF": header.orientation = ExifOrientation.read(chunk.content) ?? .asStored
            case "ICCP": header.note(profile: chunk.content)
            case "ANMF": frames += 1
            default: break
            }
        }
        if frames > 1 { header.notes.append(.firstFrameOnly(of: frames)) }
        return header
    }

    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        var features = WebPBitstreamFeatures()
        let isAnimation =
            WebPGetFeatures(bytes, bytes.count, &features) == VP8_STATUS_OK && features.has_animation != 0
        let isWhole =
            isAnimation
            ? decodeFirstFrame(of: bytes, onto: &pixels, width: width, height: height)
            : WebPDecodeRGBInto(bytes, bytes.count, &pixels, pixels.count, Int32(width * 3)) != nil
        guard isWhole else {
            throw InputError(name, expected: "a complete WebP image", found: "damaged or missing data", as: .damaged)
        }
        return pixels
    }

    /// A frame begins with its place and size, three bytes each, of which places are halved and sizes less by one; after
    /// 16 bytes follow the chunks of its image.
    private static func decodeFirstFrame(
        of bytes: [UInt8], onto canvas: inout [UInt8], width: Int, height: Int
    ) -> Bool {
        guard let frame = RIFFChunks(bytes[...], from: 12).first(where: { $0.name == "ANMF" })?.content,
            frame.count > 16
        else { return false }
        let numbers = (0..<4).map { index in
            (0..<3).reduce(0) { $0 | Int(frame[frame.startIndex + 3 * index + $1]) << (8 * $1) }
        }
        let (left, top) = (2 * numbers[0], 2 * numbers[1])
        let (frameWidth, frameHeight) = (numbers[2] + 1, numbers[3] + 1)
        guard left + frameWidth <= width, top + frameHeight <= height else { return false }
        let image = Array(frame.dropFirst(16))
        var (codedWidth, codedHeight) = (Int32(0), Int32(0))
        guard WebPGetInfo(image, image.count, &codedWidth, &codedHeight) != 0, Int(codedWidth) == frameWidth,
            Int(codedHeight) == frameHeight
        else { return false }
        return canvas.withUnsafeMutableBufferPointer { canvas in
            let part = UnsafeMutableBufferPointer(rebasing: canvas[(3 * (top * width + left))...])
            return WebPDecodeRGBInto(image, image.count, part.baseAddress, part.count, Int32(width * 3)) != nil
        }
    }
}
