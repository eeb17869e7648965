import InputErrors

/// GIF 87a and 89a, without a library: the first frame, on the screen that the file describes. What the frame does not
/// cover has the transparent colour, or the first of its palette, as Pillow shows it. Transparency is dropped.
enum GIFDecoder: FormatDecoder {
    static func header(of bytes: [UInt8], named name: String) throws -> ImageHeader {
        var reader = GIFReader(bytes)
        guard let frame = reader.nextFrame() else { throw refusal(name, "no image") }
        var frames = 1
        while reader.nextFrame() != nil { frames += 1 }
        let (width, height) = reader.canvas(of: frame)
        var header = ImageHeader(width: width, height: height)
        if frames > 1 { header.notes.append(.firstFrameOnly(of: frames)) }
        return header
    }

    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8] {
        var reader = GIFReader(bytes)
        guard let frame = reader.nextFrame(), frame.left + frame.width <= width, frame.top + frame.height <= height
        else { throw refusal(name, "no image") }
        guard (1...8).contains(frame.codeSize) else { throw refusal(name, "codes of \(frame.codeSize) bits") }
        let count = frame.width * frame.height
        let data = reader.subBlocks(frame.dataStart)
        guard let indices = LZWDecoder.decode(data, codeSize: frame.codeSize, count: count) else {
            throw refusal(name, "damaged or missing data")
        }
        let colours = frame.colours
        let background = colours[frame.transparent ?? 0]
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        if frame.width < width || frame.height < height {
            for at in 0..<width * height { put(background, at, &pixels) }
        }
        for (line, row) in rows(of: frame).enumerated() {
            let start = (frame.top + row) * width + frame.left
            for column in 0..<frame.width {
                put(colours[Int(indices[line * frame.width + column])], start + column, &pixels)
            }
        }
        return pixels
    }

    private static func put(_ colour: (UInt8, UInt8, UInt8), _ at: Int, _ pixels: inout [UInt8]) {
        pixels[3 * at] = colour.0
        pixels[3 * at + 1] = colour.1
        pixels[3 * at + 2] = colour.2
    }

    /// The rows of a frame in the order in which they are stored.
    private static func rows(of frame: GIFReader.Frame) -> [Int] {
        guard frame.isInterlaced else { return Array(0..<frame.height) }
        return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { Array(stride(from: $0.0, to: frame.height, by: $0.1)) }
    }

    private static func refusal(_ name: String, _ found: String) -> InputError {
        InputError(name, expected: "a complete GIF image", found: found, as: .damaged)
    }
}
