import Foundation

/// Reads whole files that come from outside.
public enum InputFile {
    /// The content of the file at `path`, which must be a regular file of 1 to `limit` bytes.
    ///
    /// Never waits: a named pipe, a socket or a device is refused, as are a folder, a missing, unreadable or empty
    /// file and one over the limit, each by an `InputError` that says which.
    public static func read(_ path: String, limit: Int) throws -> Data {
        let file = try RegularFile(opening: path)
        guard file.count > 0 else { throw InputError(path, expected: "a file with content", found: "an empty file") }
        guard file.count <= limit else {
            throw InputError(path, expected: "at most \(limit) bytes", found: "\(file.count) bytes")
        }
        var data = Data(count: file.count)
        try data.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        return data
    }
}
