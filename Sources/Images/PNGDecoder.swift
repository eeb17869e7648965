import CPNGReader
import Foundation
import InputErrors

/// PNG by libpng: 1 to 16 bit, grey, palette, alpha, interlaced. Of an animation the first frame is read, which is the
/// image of those who know no animations.
enum PNGDecoder: FormatDecoder {
    static func header(of bytes: [UInt8], named name: String) throws -> ImageHeader {
        var found = CPNGHeader()
        var message = [CChar](repeating: 0, count: Int(CPNG_MESSAGE_LENGTH))
        guard cpng_read_header(bytes, bytes.count, &found, &message) == 0 else { throw refusal(name, message) }
        defer { free(found.profile) }
        var header = ImageHeader(width: Int(found.width), height: Int(found.height))
        if found.bit_depth > 8 { header.notes.append(.bitDepthReduced(from: Int(found.bit_depth))) }
        if let profile = found.profile {
            header.note(profile: Array(UnsafeBufferPointer(start: profile, count: found.profile_length))[...])
        }
        var (frames, isFirstFrame, hasControl) = (0, true, false)
        for chunk in PNGChunks(bytes) {
            switch chunk.name {
            case "eXIf": header.orientation = ExifOrientation.read(chunk.content) ?? .asStored
            case "cICP": header.note(codePoints: Array(chunk.content))
            case "acTL": frames = ByteOrderReader(chunk.content, isLittle: false).long(0).map(Int.init) ?? 0
            case "fcTL": hasControl = true
            // An image without a frame's control before it is shown where animations are not: a frame more.
            case "IDAT": isFirstFrame = hasControl
            default: break
            }
        }
        if frames > 0, !isFirstFrame { frames += 1 }
        if frames > 1 { header.notes.append(.firstFrameOnly(of: frames)) }
        return header
    }

    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        var message = [CChar](repeating: 0, count: Int(CPNG_MESSAGE_LENGTH))
        guard cpng_read_rgb(bytes, bytes.count, &pixels, &message) == 0 else { throw refusal(name, message) }
        return pixels
    }

    private static func refusal(_ name: String, _ message: [CChar]) -> InputError {
        let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return InputError(
            name, expected: "a complete PNG image", found: String(decoding: text, as: UTF8.self), as: .damaged)
    }
}
