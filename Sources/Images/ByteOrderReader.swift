/// Whole numbers of a slice of bytes, at offsets from its start. Nil for what is not within it.
struct ByteOrderReader {
    private let bytes: ArraySlice<UInt8>
    private let isLittle: Bool

    init(_ bytes: ArraySlice<UInt8>, isLittle: Bool) {
        self.bytes = bytes
        self.isLittle = isLittle
    }

    /// How many bytes there are.
    var count: Int { bytes.count }

    func byte(_ offset: Int) -> UInt8? { slice(offset, 1)?.first }

    func short(_ offset: Int) -> UInt16? { number(offset, length: 2).map { UInt16($0) } }

    func long(_ offset: Int) -> UInt32? { number(offset, length: 4) }

    /// So many bytes; nil where they are not all there.
    func slice(_ offset: Int, _ length: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
        let start = bytes.startIndex + offset
        return bytes[start..<start + length]
    }

    private func number(_ offset: Int, length: Int) -> UInt32? {
        guard let digits = slice(offset, length) else { return nil }
        return (isLittle ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
