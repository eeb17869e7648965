import CTurboJPEG
import InputErrors
import Pictures

/// Encodes baseline JPEG with libjpeg-turbo: the standard tables scaled by the quality and the accurate transform, as
/// `Image.save(…, quality=…)` of Pillow does by default.
public enum JPEGEncoder {
    /// How finely colour is kept.
    public enum Subsampling: Sendable, CaseIterable {
        /// One colour sample per pixel.
        case yuv444
        /// One colour sample per two pixels of a row.
        case yuv422
        /// One colour sample per 2 × 2 pixels; Pillow's default.
        case yuv420

        fileprivate var code: Int32 {
            switch self {
            case .yuv444: Int32(TJSAMP_444.rawValue)
            case .yuv422: Int32(TJSAMP_422.rawValue)
            case .yuv420: Int32(TJSAMP_420.rawValue)
            }
        }
    }

    /// - Parameters:
    ///   - image: 8-bit RGB.
    ///   - quality: 1 (worst) to 100 (best).
    ///   - subsampling: of the colour planes.
    /// - Throws: `InputError` for another quality, or an image without pixels or of a side over 65,500.
    public static func encode(
        _ image: RGBImage, quality: Int, subsampling: Subsampling = .yuv420
    ) throws -> [UInt8] {
        guard (1...100).contains(quality) else {
            throw InputError("JPEG quality", expected: "1 to 100", found: "\(quality)", as: .invalidSetting)
        }
        let sides = 1...65_500
        guard sides.contains(image.width), sides.contains(image.height) else {
            throw InputError(
                "JPEG encoder", expected: "sides of 1 to 65500 pixels", found: "\(image.width)×\(image.height)",
                as: image.pixels.isEmpty ? .wrongShape : .tooLarge)
        }
        guard let handle = tjInitCompress() else {
            throw InputError("JPEG encoder", expected: "memory for it", found: "none", as: .noMemory)
        }
        defer { tjDestroy(handle) }
        let (width, height) = (Int32(image.width), Int32(image.height))
        return try [UInt8](
            unsafeUninitializedCapacity: Int(tjBufSize(width, height, subsampling.code))
        ) { buffer, count in
            var start = buffer.baseAddress
            var size = UInt(buffer.count)
            let status = tjCompress2(
                handle, image.pixels, width, 0, height, Int32(TJPF_RGB.rawValue), &start, &size, subsampling.code,
                Int32(quality), TJFLAG_ACCURATEDCT | TJFLAG_NOREALLOC)
            guard status == 0 else {
                throw InputError(
                    "JPEG encoder", expected: "an image it can write", found: String(cString: tjGetErrorStr2(handle)),
                    as: .noMemory)
            }
            count = Int(size)
        }
    }
}
