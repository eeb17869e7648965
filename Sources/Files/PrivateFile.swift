import Foundation
import InputErrors

/// Files that hold a secret.
public enum PrivateFile {
    /// The content of a file that nobody but its owner can write to, in memory that is wiped when it is released.
    ///
    /// A pipe is read to its end: the key may come from a program that decrypts it.
    /// - Throws: as `InputFile.read`, and `InputError` where a group or the world may write to the file, or where others
    ///   could put another one in its place.
    public static func read(_ path: String, limit: Int) throws -> Data {
        let name = RawPath(path)
        if let mode = name.status?.st_mode, name.isPipe {
            try requireOwn(mode, path)
            return try PipeReader(opening: name).content(limit: limit, in: PrivateMemory.data)
        }
        let file = try RegularFile(opening: name)
        try requireOwn(file.mode, path)
        try file.requireContent(limit: limit)
        return try PrivateMemory.data(count: file.count) { try file.read(into: $0, at: 0) }
    }

    private static func requireOwn(_ mode: mode_t, _ path: String) throws {
        guard mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw InputError(
                path, expected: "a key that only its owner can write to",
                found: "mode \(String(mode & 0o777, radix: 8))", as: .keyPermissions)
        }
        try requireTrusted(path)
    }

    /// Refuses a place in which others could put a file of their own: in a folder that the world may write to, or behind a
    /// link of somebody else.
    public static func requireTrusted(_ path: String) throws {
        guard let weakness = PathTrust.weakness(of: RawPath(path)) else { return }
        throw InputError(
            path, expected: "a key where nobody else can put another", found: weakness, as: .keyPlace)
    }

    /// Whether people other than the owner can read a file.
    public static func isReadableByOthers(_ path: String) -> Bool {
        RawPath(path).status.map { $0.st_mode & (S_IRGRP | S_IROTH) != 0 } ?? false
    }
}
