/// What tells a changed file from an unchanged one without reading it.
public struct FileStamp: Codable, Sendable, Equatable {
    /// Length in bytes.
    public var size: Int
    /// Time of the last change in nanoseconds since 1970.
    public var modified: Int

    /// A file's length and time of change.
    public init(size: Int, modified: Int) {
        self.size = size
        self.modified = modified
    }
}
