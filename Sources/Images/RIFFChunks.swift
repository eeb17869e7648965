/// The chunks of a RIFF file, or of a chunk that holds chunks, up to where they break off.
struct RIFFChunks: Sequence, IteratorProtocol {
    private let reader: ByteOrderReader
    private var position: Int

    /// - Parameter start: where the first chunk begins.
    init(_ bytes: ArraySlice<UInt8>, from start: Int) {
        reader = ByteOrderReader(bytes, isLittle: true)
        position = start
    }

    /// The next chunk: its four letters, and what it holds.
    mutating func next() -> (name: String, content: ArraySlice<UInt8>)? {
        guard let name = reader.slice(position, 4), let length = reader.long(position + 4),
            let content = reader.slice(position + 8, Int(length))
        else { return nil }
        position += 8 + Int(length) + Int(length & 1)
        return (String(decoding: name, as: UTF8.self), content)
    }
}
