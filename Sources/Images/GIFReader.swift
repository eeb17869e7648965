/// The blocks of a GIF (CompuServe, GIF89a specification), read without decoding any image.
struct GIFReader {
    /// One image and what is needed to decode it.
    struct Frame {
        let left, top, width, height: Int
        let isInterlaced: Bool
        /// 256 of them: what the palette lacks is black; without a palette they are grey.
        let colours: [(UInt8, UInt8, UInt8)]
        /// The transparent colour's index.
        let transparent: Int?
        /// Bits of the smallest code.
        let codeSize: Int
        /// Where its blocks of codes begin.
        let dataStart: Int
    }

    private let reader: ByteOrderReader
    private let screen: (width: Int, height: Int)
    private let palette: ArraySlice<UInt8>?
    private var position: Int
    private var transparent: Int?

    /// A file that begins with `GIF8`. What it lacks shows when a frame is asked for.
    init(_ bytes: [UInt8]) {
        reader = ByteOrderReader(bytes[...], isLittle: true)
        screen = (Int(reader.short(6) ?? 0), Int(reader.short(8) ?? 0))
        let length = Self.paletteLength(reader.byte(10) ?? 0)
        palette = length > 0 ? reader.slice(13, length) : nil
        position = 13 + length
    }

    /// The picture's size: the screen, grown where the first frame does not fit.
    func canvas(of frame: Frame) -> (width: Int, height: Int) {
        (max(screen.width, frame.left + frame.width), max(screen.height, frame.top + frame.height))
    }

    /// The next image; nil at the end, and where the file breaks off or is damaged.
    mutating func nextFrame() -> Frame? {
        transparent = nil
        while let kind = reader.byte(position) {
            switch kind {
            case 0x21:
                guard let label = reader.byte(position + 1) else { return nil }
                if label == 0xF9, let packed = reader.byte(position + 3), let index = reader.byte(position + 6) {
                    transparent = packed & 1 == 1 ? Int(index) : nil
                }
                guard let end = endOfSubBlocks(position + 2) else { return nil }
                position = end
            case 0x2C: return frame()
            case 0: position += 1
            default: return nil
            }
        }
        return nil
    }

    private mutating func frame() -> Frame? {
        let numbers = (0..<4).compactMap { reader.short(position + 1 + 2 * $0).map(Int.init) }
        guard numbers.count == 4, let packed = reader.byte(position + 9) else { return nil }
        let length = Self.paletteLength(packed)
        let own = length > 0 ? reader.slice(position + 10, length) : nil
        let start = position + 10 + length
        guard let codeSize = reader.byte(start) else { return nil }
        let frame = Frame(
            left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3], isInterlaced: packed & 0x40 != 0,
            colours: Self.colours(own ?? palette), transparent: transparent, codeSize: Int(codeSize),
            dataStart: start + 1)
        // A frame that breaks off is still a frame: its decoder tells what is missing.
        position = endOfSubBlocks(start + 1) ?? reader.count
        return frame
    }

    /// The content of blocks up to an empty one, or to where they break off.
    func subBlocks(_ start: Int) -> [UInt8] {
        var content: [UInt8] = []
        var at = start
        while let length = reader.byte(at), length > 0 {
            content += reader.slice(at + 1, min(Int(length), reader.count - at - 1)) ?? []
            at += 1 + Int(length)
        }
        return content
    }

    private func endOfSubBlocks(_ start: Int) -> Int? {
        var at = start
        while let length = reader.byte(at) {
            at += 1 + Int(length)
            if length == 0 { return at }
        }
        return nil
    }

    private static func paletteLength(_ packed: UInt8) -> Int { packed & 0x80 == 0 ? 0 : 3 << (Int(packed & 7) + 1) }

    private static func colours(_ palette: ArraySlice<UInt8>?) -> [(UInt8, UInt8, UInt8)] {
        guard let palette else { return (0...255).map { (UInt8($0), UInt8($0), UInt8($0)) } }
        let start = palette.startIndex
        return (0...255).map { index in
            3 * index + 2 < palette.count
                ? (palette[start + 3 * index], palette[start + 3 * index + 1], palette[start + 3 * index + 2])
                : (0, 0, 0)
        }
    }
}
