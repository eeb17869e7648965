import Foundation
import InputErrors

/// Writes files either completely or not at all.
///
/// The bytes go to a temporary name in the same folder, are flushed to the disk (`fsync`), and get their name in one
/// step. Whatever fails on the way, an existing file stays as it was and the temporary one is removed; only a killed
/// process can leave a `.tmp-…` behind.
public enum AtomicFile {
    /// Writes `bytes` as the file at `path`.
    ///
    /// - `overwrite`: whether an existing regular file is replaced (a symbolic link is replaced, not followed). Without
    ///   it an existing file is refused, also one that another process makes in the meantime.
    /// - `permissions`: the mode from the creation on, less the process's umask; the replaced file's mode is not kept.
    ///
    /// Throws an `InputError` that names `path` and the system's reason.
    public static func write(
        _ bytes: some ContiguousBytes, to path: String, overwrite: Bool, permissions: mode_t = 0o644
    ) throws {
        try write(to: path, overwrite: overwrite, permissions: permissions) { try $0.append(bytes) }
    }

    /// Writes what `body` appends as the file at `path`; an error thrown by `body` cancels the file. Otherwise as
    /// `write(_:to:overwrite:permissions:)`.
    public static func write(
        to path: String, overwrite: Bool, permissions: mode_t = 0o644, body: (borrowing Writer) throws -> Void
    ) throws {
        try requireWritable(path, overwrite: overwrite)
        let folder = Folder.of(path)
        let temporary = folder + "/.tmp-" + String(UInt64.random(in: .min ... .max), radix: 16)
        let descriptor = RawPath(temporary).withCString {
            open($0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions)
        }
        guard descriptor >= 0 else { throw unwritableFolder(path, errno) }
        do {
            defer { close(descriptor) }
            try body(Writer(descriptor: descriptor, path: path))
            guard fsync(descriptor) == 0 else { throw writingFailure(path, errno) }
            try name(temporary, path, overwrite: overwrite)
        } catch {
            _ = RawPath(temporary).withCString { unlink($0) }
            throw error
        }
        flushFolder(folder)
    }

    /// Fails early, before any work is done, where `write` could not succeed: a folder, device, pipe or (without
    /// `overwrite`) an existing file has the name, or its folder is missing or cannot be written to.
    public static func requireWritable(_ path: String, overwrite: Bool) throws {
        try requirePath(path, as: .notWritable)
        if path == "-" {
            throw InputError(
                path, expected: "the name of a file to write, or ./- for one called so", found: "the name of a stream",
                as: .notWritable)
        }
        var status = stat()
        if let kind = RawPath(path).status.flatMap({ specialKind($0.st_mode) }) {
            throw InputError(path, expected: "the name of a file to write", found: kind, as: .notWritable)
        }
        if !overwrite, RawPath(path).withCString({ lstat($0, &status) }) == 0 { throw existing(path) }
        guard RawPath(Folder.of(path)).withCString({ access($0, W_OK) }) == 0 else {
            throw unwritableFolder(path, errno)
        }
    }

    /// Takes the bytes of a file being written.
    public struct Writer: ~Copyable {
        fileprivate let descriptor: Int32
        fileprivate let path: String

        /// Writes `bytes` after those written before.
        public func append(_ bytes: some ContiguousBytes) throws {
            let code = bytes.withUnsafeBytes { OpenDescriptor.write($0, to: descriptor) }
            guard code == 0 else { throw writingFailure(path, code) }
        }

        /// Writes a part of an open file after the bytes written before.
        package func append(copyOf descriptor: Int32, _ range: Range<Int>, named name: String) throws {
            var buffer = [UInt8](repeating: 0, count: min(range.count, 1 << 20))
            var offset = range.lowerBound
            while offset < range.upperBound {
                let count = pread(descriptor, &buffer, min(buffer.count, range.upperBound - offset), off_t(offset))
                if count > 0 {
                    try append(buffer.prefix(count))
                    offset += count
                } else if count == 0 || errno != EINTR {
                    throw InputError(
                        name, expected: "\(range.count) bytes from byte \(range.lowerBound) on",
                        found: count == 0 ? "its end" : systemMessage(errno), as: .notReadable)
                }
            }
        }
    }

    /// Gives the finished temporary file its name; without `overwrite` only if nothing has that name at this moment.
    private static func name(_ temporary: String, _ path: String, overwrite: Bool) throws {
        if !overwrite {
            let isLinked = RawPath(temporary).withCString { from in RawPath(path).withCString { link(from, $0) } } == 0
            if isLinked {
                _ = RawPath(temporary).withCString { unlink($0) }
                return
            }
            guard [EPERM, EOPNOTSUPP, ENOSYS].contains(errno) else {
                throw errno == EEXIST ? existing(path) : writingFailure(path, errno)
            }
            try reserve(path)
        }
        guard RawPath(temporary).withCString({ from in RawPath(path).withCString { rename(from, $0) } }) == 0 else {
            let failure = writingFailure(path, errno)
            if !overwrite { _ = RawPath(path).withCString { unlink($0) } }
            throw failure
        }
    }

    /// Takes the name with an empty file, for file systems without hard links (FAT): the rename then replaces that one.
    private static func reserve(_ path: String) throws {
        let descriptor = RawPath(path).withCString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
        guard descriptor >= 0 else { throw errno == EEXIST ? existing(path) : writingFailure(path, errno) }
        close(descriptor)
    }

    /// Makes the new name last through a power cut, where the file system can.
    private static func flushFolder(_ folder: String) {
        let descriptor = RawPath(folder).withCString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func unwritableFolder(_ path: String, _ code: Int32) -> InputError {
        InputError(path, expected: "a folder that can be written to", found: systemMessage(code), as: .notWritable)
    }

    private static func existing(_ path: String) -> InputError {
        InputError(path, expected: "a new file", found: "an existing one", as: .exists)
    }
}

private func writingFailure(_ path: String, _ code: Int32) -> InputError {
    InputError(path, expected: "a file that can be written", found: systemMessage(code), as: .notWritable)
}
