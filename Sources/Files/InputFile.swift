import Foundation

/// Reads whole files that come from outside.
public enum InputFile {
    /// The content of the file at `path`, which must be a regular file of 1 to `limit` bytes.
    ///
    /// Never waits: a named pipe, a socket or a device is refused, as are a folder, a missing, unreadable or empty
    /// file and one over the limit, each by an `InputError` that says which.
    /// - Parameter takesPipes: whether a pipe is read to its end, as long as that takes. One that nobody writes to is
    ///   refused.
    public static func read(_ path: String, limit: Int, takesPipes: Bool = false) throws -> Data {
        let path = RawPath(path)
        if takesPipes, path.isPipe { return try PipeReader(opening: path).content(limit: limit) }
        return try RegularFile(opening: path).content(limit: limit)
    }

    /// What comes on standard input up to its end, 1 to `limit` bytes. Errors call it `-`.
    public static func standardInput(limit: Int) throws -> Data {
        try PipeReader(standardInputNamed: "-").content(limit: limit)
    }
}
