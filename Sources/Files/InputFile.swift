import Foundation

/// Reads whole files that come from outside.
public enum InputFile {
    /// The content of the file at `path`, which must be a regular file of 1 to `limit` bytes.
    ///
    /// Never waits: a named pipe, a socket or a device is refused, as are a folder, a missing, unreadable or empty
    /// file and one over the limit, each by an `InputError` that says which.
    public static func read(_ path: String, limit: Int) throws -> Data {
        try RegularFile(opening: RawPath(path)).content(limit: limit)
    }
}
