import CTurboJPEG
import InputErrors

/// JPEG by libjpeg-turbo: baseline, progressive, grey, CMYK and YCCK, with the accurate inverse transform and smooth
/// colour upsampling, as Pillow reads it. CMYK is taken as inverted, by Adobe's convention; so does Pillow.
enum JPEGDecoder: FormatDecoder {
    static func header(of bytes: [UInt8], named name: String) throws -> ImageHeader {
        let header = try Decompressor(named: name).header(of: bytes)
        let segments = JPEGSegments(bytes)
        let exif = segments.first(0xE1, beginning: "Exif\0\0")
        var image = ImageHeader(
            width: header.width, height: header.height,
            orientation: exif.flatMap(ExifOrientation.read) ?? .asStored)
        image.note(profile: segments.profile[...])
        return image
    }

    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8] {
        let decompressor = try Decompressor(named: name)
        let colorspace = try decompressor.header(of: bytes).colorspace
        guard colorspace == TJCS_CMYK.rawValue || colorspace == TJCS_YCCK.rawValue else {
            return try decompressor.pixels(of: bytes, width: width, height: height, format: TJPF_RGB, samples: 3)
        }
        var samples = try decompressor.pixels(
            of: bytes, width: width, height: height, format: TJPF_CMYK, samples: 4)
        makeRGB(ofInvertedCMYK: &samples)
        return samples
    }

    /// Pillow's conversion: r = k - (255-c)·k/255 on inverted samples, rounded as its fixed-point division does. In place: a
    /// pixel is written before or where it was read.
    private static func makeRGB(ofInvertedCMYK samples: inout [UInt8]) {
        let count = samples.count / 4
        samples.withUnsafeMutableBufferPointer { samples in
            for pixel in 0..<count {
                let key = Int(samples[4 * pixel + 3])
                for channel in 0..<3 {
                    let product = (255 - Int(samples[4 * pixel + channel])) * key + 128
                    let ink = ((product >> 8) + product) >> 8
                    samples[3 * pixel + channel] = UInt8(max(0, key - ink))
                }
            }
        }
        samples.removeLast(samples.count - 3 * count)
    }
}

/// A libjpeg-turbo decompressor handle.
private final class Decompressor {
    private let handle: tjhandle
    private let name: String

    init(named name: String) throws {
        guard let handle = tjInitDecompress() else {
            throw InputError(name, expected: "a JPEG decoder", found: "no memory for one", as: .noMemory)
        }
        self.handle = handle
        self.name = name
    }

    deinit { tjDestroy(handle) }

    /// The header alone. Sampling factors that TurboJPEG has no name for are decoded nevertheless; it complains of them
    /// only after it has filled in the rest.
    func header(of bytes: [UInt8]) throws -> (width: Int, height: Int, colorspace: UInt32) {
        var (width, height, subsampling, colorspace) = (Int32(0), Int32(0), Int32(0), Int32(-1))
        let status = tjDecompressHeader3(
            handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colorspace)
        guard status == 0 || isWarning || message.contains("subsampling type"), colorspace >= 0 else { throw refusal }
        return (Int(width), Int(height), UInt32(colorspace))
    }

    func pixels(of bytes: [UInt8], width: Int, height: Int, format: TJPF, samples: Int) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: width * height * samples)
        let status = tjDecompress2(
            handle, bytes, UInt(bytes.count), &pixels, Int32(width), 0, Int32(height), Int32(format.rawValue),
            TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
        guard status == 0 || isWarning && !tellsOfDamage else { throw refusal }
        // Only the first warning is kept: a harmless one may hide that the data end early.
        guard status == 0 || Self.hasEnd(bytes) else {
            throw InputError(name, expected: "a complete JPEG image", found: "no end-of-image marker", as: .damaged)
        }
        return pixels
    }

    private var isWarning: Bool { tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) }

    /// Whether a warning tells of lost image data. The library also warns of oddities that leave the picture whole, such
    /// as padding before a marker.
    private var tellsOfDamage: Bool {
        message.hasPrefix("Premature end")
            || message.hasPrefix("Corrupt JPEG data") && !message.contains("extraneous bytes")
    }

    private var message: String { String(cString: tjGetErrorStr2(handle)) }

    private var refusal: InputError {
        InputError(
            name, expected: "a complete JPEG image", found: message,
            as: message.hasPrefix("Unsupported")
                ? .unsupported : message.hasPrefix("Insufficient memory") ? .noMemory : .damaged)
    }

    /// Whether an end-of-image marker follows the last start-of-scan marker. Neither can be within a scan's data.
    private static func hasEnd(_ bytes: [UInt8]) -> Bool {
        for i in stride(from: bytes.count - 2, through: 0, by: -1) where bytes[i] == 0xFF {
            if bytes[i + 1] == 0xD9 { return true }
            if bytes[i + 1] == 0xDA { return false }
        }
        return false
    }
}
