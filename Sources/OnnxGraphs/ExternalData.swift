/// Where a constant's elements lie outside the graph: little-endian, row-major, in one file.
public struct ExternalData: Hashable, Sendable {
    /// The file's path, relative to the folder that the graph is loaded with.
    public let file: String
    /// Bytes from the start of the file; needs no alignment.
    public let offset: Int
    /// Bytes of all elements.
    public let byteCount: Int

    /// A span of a file.
    public init(file: String, offset: Int, byteCount: Int) {
        precondition(offset >= 0 && byteCount >= 0, "a span of \(byteCount) bytes from byte \(offset) on")
        self.file = file
        self.offset = offset
        self.byteCount = byteCount
    }
}
