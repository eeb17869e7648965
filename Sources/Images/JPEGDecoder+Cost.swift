import Files

extension JPEGDecoder {
    /// The samples, 3 or of CMYK 4 a pixel, which become the result in place; of a progressive image also its coefficients,
    /// 2 bytes a sample. Read from the frame's header, which may stand behind megabytes of metadata that are passed over.
    static func cost(of source: some ByteSource) -> DecodingCost? {
        guard let frame = frameHeader(of: source) else { return nil }
        let samples = frame.components == 4 ? 4 : 3
        return DecodingCost(
            width: frame.width, height: frame.height,
            bytesPerPixel: samples + (frame.isProgressive ? 2 * frame.components : 0))
    }

    private struct Frame {
        let isProgressive: Bool
        let components: Int
        let width: Int
        let height: Int
    }

    /// ITU-T T.81, B.2: segments of a marker and a length, up to the first start of frame.
    private static func frameHeader(of source: some ByteSource) -> Frame? {
        var offset = 2
        let mostSegments = 10_000
        for _ in 0..<mostSegments {
            guard let head = try? source.bytes(at: offset, count: min(10, source.count - offset)), head.count >= 4,
                head[0] == 0xFF
            else { return nil }
            switch head[1] {
            case 0xFF: offset += 1
            case 0x01, 0xD0...0xD8: offset += 2
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                guard head.count == 10 else { return nil }
                return Frame(
                    isProgressive: [0xC2, 0xC6, 0xCA, 0xCE].contains(head[1]), components: Int(head[9]),
                    width: Int(head[7]) << 8 | Int(head[8]), height: Int(head[5]) << 8 | Int(head[6]))
            case 0xD9, 0xDA: return nil
            default: offset += 2 + (Int(head[2]) << 8 | Int(head[3]))
            }
            if offset >= source.count { return nil }
        }
        return nil
    }
}
