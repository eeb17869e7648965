import Files
import InputErrors

/// What decoding an image takes, as its header tells.
struct DecodingCost: Equatable {
    /// In pixels.
    let width: Int
    /// In pixels.
    let height: Int
    /// Bytes in use at once for a pixel, those of the result included, at most.
    let bytesPerPixel: Int

    /// In bytes.
    var bytes: Double { Double(width) * Double(height) * Double(bytesPerPixel) }
}

extension ImageDecoder {
    /// For formats that do not tell, and headers that are not understood.
    static let mostBytesPerPixel = 16

    /// The bytes that decoding an image takes at once, at most: from its header, of which only a few bytes are read. The
    /// encoded bytes are not counted. 0 for what is refused by its header.
    /// - Parameter limitMegapixels: larger images are refused.
    package static func memory(toDecode source: some ByteSource, limitMegapixels: Double) -> Int {
        let beginning = (try? source.bytes(at: 0, count: min(16, source.count))) ?? []
        guard let decoder = ImageFormat(beginning)?.decoder else { return 0 }
        let most = min(limitMegapixels * 1e6, Double(largestPixelCount))
        guard let cost = decoder.cost(of: source) else { return Int(most) * mostBytesPerPixel }
        return Double(cost.width) * Double(cost.height) <= most ? Int(cost.bytes) : 0
    }
}

extension PNGDecoder {
    /// The result alone: rows are decoded in their places.
    static func cost(of source: some ByteSource) -> DecodingCost? {
        guard let sides = try? source.bytes(at: 16, count: 8) else { return nil }
        func side(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
        return DecodingCost(width: side(sides[..<4]), height: side(sides[4...]), bytesPerPixel: 3)
    }
}

extension WebPDecoder {
    /// The result, and 4 bytes a pixel of a lossless image.
    static func cost(of source: some ByteSource) -> DecodingCost? { cost(of: source, bytesPerPixel: 7) }
}
