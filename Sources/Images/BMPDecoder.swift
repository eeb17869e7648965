import InputErrors

/// BMP without a library: 1, 4, 8, 16, 24 and 32 bits, runs of 4 and 8 bits, bit fields, rows from the bottom or the top.
/// Fields of fewer than 8 bits are stretched to 0 ... 255 and rounded down, as Pillow does. An alpha channel is dropped.
enum BMPDecoder: FormatDecoder {
    static func header(of bytes: [UInt8], named name: String) throws -> ImageHeader {
        let header = try BMPHeader(bytes, named: name)
        return ImageHeader(width: header.width, height: header.height)
    }

    static func pixels(of bytes: [UInt8], width: Int, height: Int, named name: String) throws -> [UInt8] {
        let header = try BMPHeader(bytes, named: name)
        guard let data = header.data, let pixels = decode(header, data) else {
            throw InputError(name, expected: "a complete BMP image", found: "missing data", as: .damaged)
        }
        return pixels
    }

    private static func decode(_ header: BMPHeader, _ data: ArraySlice<UInt8>) -> [UInt8]? {
        switch header.coding {
        case .runs:
            guard let indices = BMPRuns.decode(data, header) else { return nil }
            return painted(header) { indices[$1 * header.width + $0] }
        case .palette:
            guard let rows = Rows(data, header) else { return nil }
            let (bits, perByte) = (header.bits, 8 / header.bits)
            return painted(header) { column, row in
                let byte = rows.byte(column / perByte, row)
                return byte >> UInt8(8 - bits - column % perByte * bits) & UInt8((1 << bits) - 1)
            }
        case .fields(let fields):
            guard let rows = Rows(data, header) else { return nil }
            let length = header.bits / 8
            var pixels = [UInt8](repeating: 0, count: header.width * header.height * 3)
            for row in 0..<header.height {
                for column in 0..<header.width {
                    let value = (0..<length).reduce(UInt32(0)) {
                        $0 | UInt32(rows.byte(column * length + $1, row)) << UInt32(8 * $1)
                    }
                    let at = 3 * (row * header.width + column)
                    for channel in 0..<3 { pixels[at + channel] = fields[channel].value(in: value) }
                }
            }
            return pixels
        }
    }

    /// The picture of a palette's indices, asked for by column and row from the top.
    private static func painted(_ header: BMPHeader, index: (Int, Int) -> UInt8) -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: header.width * header.height * 3)
        for row in 0..<header.height {
            for column in 0..<header.width {
                let colour = header.palette[Int(index(column, row))]
                let at = 3 * (row * header.width + column)
                pixels[at] = colour.red
                pixels[at + 1] = colour.green
                pixels[at + 2] = colour.blue
            }
        }
        return pixels
    }

    /// Rows that are not coded: each begins at a multiple of four bytes.
    private struct Rows {
        private let data: ArraySlice<UInt8>
        private let stride, height: Int
        private let isTopDown: Bool

        /// Nil where bytes are missing.
        init?(_ data: ArraySlice<UInt8>, _ header: BMPHeader) {
            stride = (header.width * header.bits + 31) / 32 * 4
            height = header.height
            isTopDown = header.isTopDown
            self.data = data
            // The last row's padding may be missing.
            guard data.count >= stride * (height - 1) + (header.width * header.bits + 7) / 8 else { return nil }
        }

        /// - Parameter row: from the top.
        func byte(_ offset: Int, _ row: Int) -> UInt8 {
            data[data.startIndex + (isTopDown ? row : height - 1 - row) * stride + offset]
        }
    }
}
