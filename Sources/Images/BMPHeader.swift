import InputErrors

/// What stands before the pixels of a BMP: the headers of OS/2 (12 and 64 bytes) and of Windows (40 to 124).
struct BMPHeader {
    /// How pixels are stored.
    enum Coding {
        /// Indices of 1, 4 or 8 bits.
        case palette
        /// Runs of indices of 4 or 8 bits.
        case runs
        /// Red, green and blue in 16, 24 or 32 bits.
        case fields([BMPField])
    }

    let width: Int
    let height: Int
    let isTopDown: Bool
    /// Of a pixel.
    let bits: Int
    let coding: Coding
    /// 256 of them; black where the file has fewer.
    let palette: [(red: UInt8, green: UInt8, blue: UInt8)]
    /// From the first pixel on; nil where the file ends before.
    let data: ArraySlice<UInt8>?

    private static let fileHeaderLength = 14
    private static let lengths = [12, 40, 52, 56, 64, 108, 124]

    /// - Throws: `InputError` for a damaged header, and for what BMP allows and nobody writes.
    init(_ bytes: [UInt8], named name: String) throws {
        let reader = ByteOrderReader(bytes[...], isLittle: true)
        let start = Self.fileHeaderLength
        guard let offset = reader.long(10), let length = reader.long(start).map(Int.init),
            Self.lengths.contains(length), reader.slice(start, length) != nil
        else { throw InputError(name, expected: "a complete BMP image", found: "a damaged header", as: .damaged) }
        let isOld = length == 12
        func number(_ new: Int, _ old: Int) -> Int {
            isOld ? Int(reader.short(start + old) ?? 0) : Int(Int32(bitPattern: reader.long(start + new) ?? 0))
        }
        width = number(4, 4)
        let rows = number(8, 6)
        isTopDown = rows < 0
        height = abs(rows)
        bits = Int(reader.short(start + (isOld ? 10 : 14)) ?? 0)
        let compression = isOld ? 0 : Int(reader.long(start + 16) ?? 0)
        guard width > 0, let coding = Self.coding(compression, bits, length, reader) else {
            throw InputError(
                name, expected: "a BMP image of 1, 4, 8, 16, 24 or 32 bits",
                found: "\(bits) bits, compression \(compression)",
                as: width > 0 ? .unsupported : .damaged)
        }
        self.coding = coding
        let masks = length == 40 && compression == 3 ? 12 : length == 40 && compression == 6 ? 16 : 0
        let used = isOld ? 0 : Int(reader.long(start + 32) ?? 0)
        palette = Self.palette(
            reader, start + length + masks, count: used == 0 ? 1 << min(bits, 8) : min(used, 256),
            entry: isOld ? 3 : 4)
        data = reader.slice(Int(offset), bytes.count - Int(offset))
    }

    private static func coding(_ compression: Int, _ bits: Int, _ length: Int, _ reader: ByteOrderReader) -> Coding? {
        switch (compression, bits) {
        case (0, 1), (0, 4), (0, 8): return .palette
        case (1, 8), (2, 4): return .runs
        case (0, 16): return .fields([0x7C00, 0x03E0, 0x001F].map(BMPField.init))
        case (0, 24), (0, 32): return .fields([0xFF0000, 0x00FF00, 0x0000FF].map(BMPField.init))
        case (3, 16), (3, 32), (6, 16), (6, 32):
            // OS/2 has Huffman's code under this number.
            guard length != 64 else { return nil }
            let masks = (0..<3).compactMap { reader.long(fileHeaderLength + 40 + 4 * $0) }
            let fields = masks.map(BMPField.init)
            return fields.count == 3 && fields.allSatisfy(\.isWhole) ? .fields(fields) : nil
        default: return nil
        }
    }

    private static func palette(
        _ reader: ByteOrderReader, _ start: Int, count: Int, entry: Int
    ) -> [(red: UInt8, green: UInt8, blue: UInt8)] {
        (0..<256).map { index in
            guard index < count, let colour = reader.slice(start + index * entry, 3).map(Array.init) else {
                return (0, 0, 0)
            }
            return (colour[2], colour[1], colour[0])
        }
    }
}

/// Where a channel lies in a pixel.
struct BMPField {
    private let shift: UInt32
    private let largest: UInt32

    /// Whether the mask is one run of bits.
    let isWhole: Bool

    init(_ mask: UInt32) {
        shift = mask == 0 ? 0 : UInt32(mask.trailingZeroBitCount)
        largest = mask >> shift
        isWhole = largest & (largest &+ 1) == 0
    }

    /// The channel of a pixel, stretched to 0 ... 255; 0 for an empty mask.
    func value(in pixel: UInt32) -> UInt8 {
        largest == 0 ? 0 : UInt8(UInt64(pixel >> shift & largest) * 255 / UInt64(largest))
    }
}
