import CJPEGXL
import Foundation
import InputErrors
import Pictures

/// JPEG XL by libjxl: the first frame.
enum JPEGXLDecoder: FormatDecoder {
    private static let library = LoadedLibrary(.jpegXL) {
        let opened = cjxl_open($0)
        return (opened.functions, opened.error)
    }

    static func header(of bytes: [UInt8], named name: String) throws -> ImageHeader {
        var found = CjxlHeader()
        guard cjxl_read_header(try library.require(for: name), bytes, bytes.count, &found) == 0 else {
            throw refusal(name)
        }
        defer { free(found.profile) }
        var header = ImageHeader(width: Int(found.width), height: Int(found.height))
        header.orientation = Orientation(rawValue: Int(found.orientation)) ?? .asStored
        if found.frames > 1 { header.notes.append(.firstFrameOnly(of: Int(found.frames))) }
        if found.bits > 8 { header.notes.append(.bitDepthReduced(from: Int(found.bits))) }
        if let profile = found.profile {
            header.note(profile: Array(UnsafeBufferPointer(start: profile, count: found.profile_length))[...])
        }
        return header
    }

    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        let status = cjxl_read_pixels(
            try library.require(for: name), bytes, bytes.count, UInt32(width), UInt32(height), &pixels)
        guard status == 0 else { throw refusal(name) }
        return pixels
    }

    private static func refusal(_ name: String) -> InputError {
        InputError(name, expected: "a complete JPEG XL image", found: "damaged or missing data", as: .damaged)
    }
}
