import CTIFF
import Foundation
import InputErrors
import Pictures

/// TIFF by libtiff: the first page, whatever libtiff itself turns into RGB. An alpha channel is dropped, and divided out
/// of colours that it is multiplied into, as Pillow does. Of grey samples of 16 bits the high byte is kept, colours are rounded;
/// Pillow keeps the high byte of colours and clips greys.
enum TIFFDecoder: FormatDecoder {
    private static let library = LoadedLibrary(.tiff) {
        let opened = ctiff_open($0)
        return (opened.functions, opened.error)
    }
    /// Of a pixel; real ones have five at most.
    private static let mostSamples = 8

    static func header(of bytes: [UInt8], named name: String) throws -> ImageHeader {
        let found = try read(bytes, named: name)
        defer { free(found.profile) }
        var header = ImageHeader(width: Int(found.width), height: Int(found.height))
        header.orientation = Orientation(rawValue: Int(found.orientation)) ?? .asStored
        if found.pages > 1 { header.notes.append(.firstFrameOnly(of: Int(found.pages))) }
        if found.bits > 8 { header.notes.append(.bitDepthReduced(from: Int(found.bits))) }
        if let profile = found.profile {
            header.note(profile: Array(UnsafeBufferPointer(start: profile, count: found.profile_length))[...])
        }
        return header
    }

    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8] {
        let header = try read(bytes, named: name)
        free(header.profile)
        var raster = [UInt32](repeating: 0, count: width * height)
        var message = [CChar](repeating: 0, count: Int(CTIFF_MESSAGE_LENGTH))
        let status = ctiff_read_pixels(
            try library.require(for: name), bytes, bytes.count, UInt32(width), UInt32(height), &raster, &message)
        guard status == 0 else { throw refusal(name, message) }
        return rgb(header.is_premultiplied != 0 ? raster.map(divided) : raster)
    }

    private static func read(_ bytes: [UInt8], named name: String) throws -> CtiffHeader {
        var header = CtiffHeader()
        var message = [CChar](repeating: 0, count: Int(CTIFF_MESSAGE_LENGTH))
        guard ctiff_read_header(try library.require(for: name), bytes, bytes.count, &header, &message) == 0 else {
            throw refusal(name, message)
        }
        guard header.samples <= Self.mostSamples else {
            free(header.profile)
            throw InputError(
                name, expected: "a TIFF image of at most \(mostSamples) samples a pixel", found: "\(header.samples)",
                as: .unsupported)
        }
        return header
    }

    private static func rgb(_ raster: [UInt32]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: raster.count * 3) { pixels, count in
            for (index, pixel) in raster.enumerated() {
                pixels[3 * index] = UInt8(truncatingIfNeeded: pixel)
                pixels[3 * index + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
                pixels[3 * index + 2] = UInt8(truncatingIfNeeded: pixel >> 16)
            }
            count = raster.count * 3
        }
    }

    /// A pixel with its colours divided by the alpha that they are multiplied by, rounded down; black where it is 0.
    private static func divided(_ pixel: UInt32) -> UInt32 {
        let alpha = pixel >> 24
        guard alpha != 0, alpha != 255 else { return alpha == 0 ? 0 : pixel }
        func colour(_ shift: UInt32) -> UInt32 { min(255, 255 * (pixel >> shift & 255) / alpha) << shift }
        return colour(0) | colour(8) | colour(16) | alpha << 24
    }

    private static func refusal(_ name: String, _ message: [CChar]) -> InputError {
        let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let isUnknown = text.hasPrefix("unsupported: ")
        return InputError(
            name, expected: "a complete TIFF image that libtiff turns into RGB",
            found: isUnknown ? String(text.dropFirst(13)) : text, as: isUnknown ? .unsupported : .damaged)
    }
}
