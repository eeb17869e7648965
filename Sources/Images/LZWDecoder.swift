/// The variant of Lempel, Ziv and Welch's code that GIF uses: codes from the low bits up, of one bit more than asked for to
/// 12 bits, with a code that empties the table and one that ends the data.
enum LZWDecoder {
    private static let longestCode = 12

    /// - Parameters:
    ///   - data: the codes.
    ///   - codeSize: bits of the smallest code, 1 ... 8; every byte that comes out is below 2 to the power of it.
    ///   - count: bytes wanted; further ones are left.
    /// - Returns: nil where the codes make fewer bytes or name one that is not there.
    static func decode(_ data: [UInt8], codeSize: Int, count: Int) -> [UInt8]? {
        precondition((1...8).contains(codeSize) && count >= 0, "codes of \(codeSize) bits for \(count) bytes")
        var table = Table(codeSize: codeSize)
        var output = [UInt8](repeating: 0, count: count)
        var (filled, position, buffer, bits) = (0, 0, 0, 0)
        while filled < count {
            while bits < table.length {
                guard position < data.count else { return nil }
                buffer |= Int(data[position]) << bits
                bits += 8
                position += 1
            }
            let code = buffer & (1 << table.length - 1)
            buffer >>= table.length
            bits -= table.length
            if code == table.clear {
                table.empty()
            } else if code == table.clear + 1 {
                return nil
            } else {
                guard table.take(code) else { return nil }
                filled += table.write(code, to: &output, at: filled)
            }
        }
        return output
    }

    /// What each code stands for: another code's bytes and one more.
    private struct Table {
        let clear: Int
        private(set) var length: Int
        private var next: Int
        private var previous: Int?
        private let shortest: Int
        private var prefix = [Int16](repeating: 0, count: 1 << longestCode)
        private var last = [UInt8](repeating: 0, count: 1 << longestCode)
        private var first = [UInt8](repeating: 0, count: 1 << longestCode)
        private var size = [Int16](repeating: 1, count: 1 << longestCode)

        init(codeSize: Int) {
            clear = 1 << codeSize
            shortest = codeSize + 1
            length = shortest
            next = clear + 2
            for code in 0..<clear {
                first[code] = UInt8(code)
                last[code] = UInt8(code)
            }
        }

        mutating func empty() {
            length = shortest
            next = clear + 2
            previous = nil
        }

        /// Enters what a code tells of the one before it.
        /// - Returns: whether the code stands for something.
        mutating func take(_ code: Int) -> Bool {
            if let previous, next < 1 << longestCode {
                guard code <= next else { return false }
                prefix[next] = Int16(previous)
                first[next] = first[previous]
                last[next] = code == next ? first[previous] : first[code]
                size[next] = size[previous] + 1
                next += 1
                if next == 1 << length, length < longestCode { length += 1 }
            } else {
                guard code < (previous == nil ? clear : next) else { return false }
            }
            previous = code
            return true
        }

        /// Writes a code's bytes, the last first.
        /// - Returns: how many there was room for.
        func write(_ code: Int, to output: inout [UInt8], at start: Int) -> Int {
            let count = Int(size[code])
            var code = code
            for at in stride(from: start + count - 1, through: start, by: -1) {
                if at < output.count { output[at] = last[code] }
                code = Int(prefix[code])
            }
            return min(count, output.count - start)
        }
    }
}
