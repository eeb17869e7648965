import Foundation
import InputErrors

/// Files that hold a secret.
public enum PrivateFile {
    /// The content of a file that nobody but its owner can write to.
    /// - Throws: as `InputFile.read`, and `InputError` where a group or the world may write to it.
    public static func read(_ path: String, limit: Int) throws -> Data {
        let content = try InputFile.read(path, limit: limit)
        guard let mode = mode(path), mode & (S_IWGRP | S_IWOTH) != 0 else { return content }
        throw InputError(
            path, expected: "a key that only its owner can write to", found: "mode \(String(mode & 0o777, radix: 8))",
            as: .keyPermissions)
    }

    /// Whether people other than the owner can read a file.
    public static func isReadableByOthers(_ path: String) -> Bool {
        mode(path).map { $0 & (S_IRGRP | S_IROTH) != 0 } ?? false
    }

    private static func mode(_ path: String) -> mode_t? {
        RawPath(path).status?.st_mode
    }
}
