import CRsvg
import Foundation
import InputErrors
import Pictures

/// Turns SVG into pixels by librsvg, which is loaded when the first rasteriser is made.
public final class SVGRasteriser: @unchecked Sendable {
    /// The name under which librsvg 2 is installed.
    public static let libraryName = "librsvg-2.so.2"
    /// The largest picture, in megapixels: four bytes each while drawing, three in the result.
    public static let limitMegapixels = 40.0

    // A table of functions that is never changed; the library itself stays open.
    private let functions: UnsafeMutableRawPointer

    /// Opens the library.
    /// - Throws: `InputError` where it is missing or lacks a function that is needed.
    public init(library: String = SVGRasteriser.libraryName) throws {
        let opened = crsvg_open(library)
        defer { free(opened.error) }
        guard let functions = opened.functions else {
            throw InputError(
                library, expected: "librsvg 2.46 or newer, which turns SVG into PNG",
                found: opened.error.map { String(cString: $0) } ?? "no reason", as: .pictureLibrary)
        }
        self.functions = functions
    }

    deinit { free(functions) }

    /// Draws a document on white, as large as fits into the size.
    /// - Parameters:
    ///   - svg: the document.
    ///   - width: in pixels, 1 ... 32767.
    ///   - height: in pixels, 1 ... 32767.
    /// - Throws: `InputError` for a size beyond `limitMegapixels` or these bounds, before any memory is taken, and for
    ///   text that librsvg does not read.
    public func image(_ svg: String, width: Int, height: Int) throws -> RGBImage {
        let sides = 1...32_767
        guard sides.contains(width), sides.contains(height), Double(width * height) <= Self.limitMegapixels * 1e6
        else {
            throw InputError(
                "picture", expected: "sides of \(sides) pixels and at most \(Self.limitMegapixels) megapixels",
                found: "\(width)×\(height)", as: min(width, height) < 1 ? .invalidSetting : .tooLarge)
        }
        var bytes = Array(svg.utf8)
        var pixels = [UInt32](repeating: 0, count: width * height)
        let failure = crsvg_draw(functions, &bytes, bytes.count, Int32(width), Int32(height), &pixels)
        defer { free(failure) }
        if let failure {
            throw InputError("picture", expected: "SVG", found: String(cString: failure), as: .unexpected)
        }
        let rgb = [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { buffer, count in
            for (index, pixel) in pixels.enumerated() {
                buffer[3 * index] = UInt8(truncatingIfNeeded: pixel >> 16)
                buffer[3 * index + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
                buffer[3 * index + 2] = UInt8(truncatingIfNeeded: pixel)
            }
            count = pixels.count * 3
        }
        return RGBImage(width: width, height: height, pixels: rgb)
    }
}
