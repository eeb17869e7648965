import CTurboJPEG
import Tensors

/// JPEG by libjpeg-turbo: baseline, progressive, grey, and CMYK by Adobe's inverted convention, as Pillow reads it.
enum JPEGDecoder: FormatDecoder {
    static func size(of bytes: [UInt8], named name: String) throws -> (width: Int, height: Int) {
        let header = try Decompressor(named: name).header(of: bytes)
        return (header.width, header.height)
    }

    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8] {
        let decompressor = try Decompressor(named: name)
        let colorspace = try decompressor.header(of: bytes).colorspace
        guard colorspace == TJCS_CMYK.rawValue || colorspace == TJCS_YCCK.rawValue else {
            return try decompressor.pixels(of: bytes, width: width, height: height, format: TJPF_RGB, samples: 3)
        }
        let inverted = try decompressor.pixels(
            of: bytes, width: width, height: height, format: TJPF_CMYK, samples: 4)
        return rgb(ofInvertedCMYK: inverted)
    }

    /// Pillow's conversion: r = k - (255-c)·k/255 on inverted samples, rounded as its fixed-point division does.
    private static func rgb(ofInvertedCMYK samples: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: samples.count / 4 * 3) { rgb, count in
            for pixel in 0..<samples.count / 4 {
                let key = Int(samples[4 * pixel + 3])
                for channel in 0..<3 {
                    let product = (255 - Int(samples[4 * pixel + channel])) * key + 128
                    rgb[3 * pixel + channel] = UInt8(max(0, key - ((product >> 8) + product) >> 8))
                }
            }
            count = samples.count / 4 * 3
        }
    }
}

/// A libjpeg-turbo decompressor handle.
private final class Decompressor {
    private let handle: tjhandle
    private let name: String

    init(named name: String) throws {
        guard let handle = tjInitDecompress() else {
            throw InputError(name, expected: "a JPEG decoder", found: "no memory for one")
        }
        self.handle = handle
        self.name = name
    }

    deinit { tjDestroy(handle) }

    func header(of bytes: [UInt8]) throws -> (width: Int, height: Int, colorspace: UInt32) {
        var (width, height, subsampling, colorspace) = (Int32(0), Int32(0), Int32(0), Int32(0))
        let status = tjDecompressHeader3(
            handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colorspace)
        guard status == 0 || !isDamage else { throw refusal }
        return (Int(width), Int(height), UInt32(bitPattern: colorspace))
    }

    func pixels(of bytes: [UInt8], width: Int, height: Int, format: TJPF, samples: Int) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: width * height * samples)
        let status = tjDecompress2(
            handle, bytes, UInt(bytes.count), &pixels, Int32(width), 0, Int32(height), Int32(format.rawValue),
            Int32(TJFLAG_ACCURATEDCT))
        guard status == 0 || !isDamage else { throw refusal }
        return pixels
    }

    /// Whether the last message tells of lost image data; the library also warns of harmless oddities.
    private var isDamage: Bool {
        tjGetErrorCode(handle) != Int32(TJERR_WARNING.rawValue) || message.hasPrefix("Premature end")
            || message.hasPrefix("Corrupt JPEG data")
    }

    private var message: String { String(cString: tjGetErrorStr2(handle)) }

    private var refusal: InputError { InputError(name, expected: "a complete JPEG image", found: message) }
}
