/// The runs of BMP's compressions 1 and 2: a count and what is repeated, or an escape.
enum BMPRuns {
    /// - Returns: `width × height` indices, rows from the top; 0 where nothing is said of a pixel. Nil where the data break
    ///   off before their end and before the last row.
    static func decode(_ data: ArraySlice<UInt8>, _ header: BMPHeader) -> [UInt8]? {
        let (width, height) = (header.width, header.height)
        var indices = [UInt8](repeating: 0, count: width * height)
        var (column, row, position) = (0, 0, data.startIndex)
        let isNarrow = header.bits == 4

        func put(_ index: UInt8) {
            guard column < width, row < height else { return }
            indices[(header.isTopDown ? row : height - 1 - row) * width + column] = index
            column += 1
        }
        /// The pixel of a count in a byte that holds one or two.
        func pixel(_ byte: UInt8, _ count: Int) -> UInt8 { isNarrow ? count % 2 == 0 ? byte >> 4 : byte & 15 : byte }

        while row < height {
            guard position + 1 < data.endIndex else { return row == height - 1 && column == width ? indices : nil }
            let (count, value) = (Int(data[position]), data[position + 1])
            position += 2
            if count > 0 {
                for place in 0..<count { put(pixel(value, place)) }
                continue
            }
            switch value {
            case 0: (column, row) = (0, row + 1)
            case 1: return indices
            case 2:
                guard position + 1 < data.endIndex else { return nil }
                column = min(width, column + Int(data[position]))
                row += Int(data[position + 1])
                position += 2
            default:
                let length = isNarrow ? (Int(value) + 1) / 2 : Int(value)
                guard position + length <= data.endIndex else { return nil }
                for place in 0..<Int(value) { put(pixel(data[position + (isNarrow ? place / 2 : place)], place)) }
                position += length + length % 2
            }
        }
        return indices
    }
}
