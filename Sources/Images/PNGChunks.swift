/// The chunks of a PNG in order, up to its end or to where they break off. Checksums are not looked at.
struct PNGChunks: Sequence, IteratorProtocol {
    private let reader: ByteOrderReader
    private var position = 8

    init(_ bytes: [UInt8]) { reader = ByteOrderReader(bytes[...], isLittle: false) }

    /// The next chunk: its four letters, and what it holds.
    mutating func next() -> (name: String, content: ArraySlice<UInt8>)? {
        guard let length = reader.long(position), let name = reader.slice(position + 4, 4),
            let content = reader.slice(position + 8, Int(length))
        else { return nil }
        position += 12 + Int(length)
        return (String(decoding: name, as: UTF8.self), content)
    }
}
