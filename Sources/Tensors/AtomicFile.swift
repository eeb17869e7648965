import Foundation

/// Writing files so that a reader sees the old content or the new, never a part.
public enum AtomicFile {
    /// Writes to a temporary name in the same folder, flushes to the disk and renames.
    /// - Parameters:
    ///   - overwrite: whether an existing file may be replaced. Without it, a file that appears meanwhile is kept too.
    ///   - permissions: the mode from the first byte on.
    /// - Throws: `InputError` naming the path and the system's reason; the temporary file is removed.
    public static func write(
        _ data: Data, to path: String, overwrite: Bool, permissions: mode_t = 0o644
    ) throws {
        try requireWritable(path, overwrite: overwrite)
        let url = URL(fileURLWithPath: path)
        let temporary = url.deletingLastPathComponent()
            .appendingPathComponent(".\(url.lastPathComponent).\(getpid()).\(UInt32.random(in: 0 ... .max))").path
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        var isDone = false
        defer { if !isDone { unlink(temporary) } }
        do {
            defer { close(descriptor) }
            try writeAll(data, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw unwritable(path, errno) }
        }
        if overwrite {
            guard rename(temporary, path) == 0 else { throw unwritable(path, errno) }
        } else {
            guard link(temporary, path) == 0 else {
                throw errno == EEXIST ? exists(path) : unwritable(path, errno)
            }
            unlink(temporary)
        }
        isDone = true
    }

    /// Fails early, before any work is done, where `write` could not succeed.
    public static func requireWritable(_ path: String, overwrite: Bool) throws {
        var status = stat()
        if lstat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR {
                throw InputError(path, expected: "the name of a file to write", found: "a folder")
            }
            if !overwrite { throw exists(path) }
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(folder, W_OK) == 0 else { throw unwritable(path, errno) }
    }

    private static func writeAll(_ data: Data, to descriptor: Int32, path: String) throws {
        try data.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Foundation.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                if count < 0 {
                    if errno == EINTR { continue }
                    throw unwritable(path, errno)
                }
                offset += count
            }
        }
    }

    private static func exists(_ path: String) -> InputError {
        InputError(path, expected: "a new file (or --force)", found: "an existing one")
    }

    private static func unwritable(_ path: String, _ code: Int32) -> InputError {
        InputError(path, expected: "a file that can be written", found: systemMessage(code))
    }
}
