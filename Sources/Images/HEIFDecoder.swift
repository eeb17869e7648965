import CHEIF
import Foundation
import InputErrors
import Pictures

/// HEIC and AVIF by libheif: the primary image, which is the first frame of a sequence. libheif turns and crops in the order
/// that the file asks for; what is called stored here is the picture turned back, cropped.
enum HEIFDecoder: FormatDecoder {
    private static let library = LoadedLibrary(.heif) {
        let opened = cheif_open($0)
        return (opened.functions, opened.error)
    }

    static func header(of bytes: [UInt8], named name: String) throws -> ImageHeader {
        var found = CheifHeader()
        var message = [CChar](repeating: 0, count: Int(CHEIF_MESSAGE_LENGTH))
        guard cheif_read_header(try library.require(for: name), bytes, bytes.count, &found, &message) == 0 else {
            throw refusal(name, message)
        }
        defer {
            free(found.profile)
            free(found.exif)
        }
        let properties = HEIFProperties(bytes)
        let (width, height) = properties.orientation.turned(Int(found.width), Int(found.height))
        var header = ImageHeader(width: width, height: height, orientation: properties.orientation)
        if !properties.isTurned, let exif = found.exif {
            let block = Array(UnsafeBufferPointer(start: exif, count: found.exif_length))
            header.orientation = Self.orientation(exif: block) ?? .asStored
        }
        let frames = max(properties.frames, Int(found.images))
        if frames > 1 { header.notes.append(.firstFrameOnly(of: frames)) }
        if found.bits > 8 { header.notes.append(.bitDepthReduced(from: Int(found.bits))) }
        if let profile = found.profile {
            header.note(profile: Array(UnsafeBufferPointer(start: profile, count: found.profile_length))[...])
        } else if let points = properties.codePoints {
            header.note(codePoints: points)
        }
        return header
    }

    /// Readers are to follow `irot` and `imir` alone, and some programs write neither but an EXIF orientation.
    private static func orientation(exif block: [UInt8]) -> Orientation? {
        guard let offset = ByteOrderReader(block[...], isLittle: false).long(0), offset <= block.count else {
            return nil
        }
        return ExifOrientation.read(block[...].dropFirst(4 + Int(offset)))
    }

    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8] {
        let orientation = HEIFProperties(bytes).orientation
        let shown = orientation.turned(width, height)
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        var message = [CChar](repeating: 0, count: Int(CHEIF_MESSAGE_LENGTH))
        let status = cheif_read_pixels(
            try library.require(for: name), bytes, bytes.count, UInt32(shown.width), UInt32(shown.height), &pixels,
            &message)
        guard status == 0 else { throw refusal(name, message) }
        let image = RGBImage(width: shown.width, height: shown.height, pixels: pixels)
        return orientation.inverse.applied(to: image).pixels
    }

    private static func refusal(_ name: String, _ message: [CChar]) -> InputError {
        let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let lacksDecoder = text == "no decoder"
        return InputError(
            name, expected: lacksDecoder ? "an image that libheif has a decoder for" : "a complete HEIC or AVIF image",
            found: lacksDecoder ? "another" : text, as: lacksDecoder ? .unsupported : .damaged)
    }
}
