import Foundation

/// A regular file opened for reading. Opening never waits (a named pipe is refused at once), and never follows into a
/// device.
final class RegularFile: ByteSource {
    let name: String
    let count: Int
    private let descriptor: Int32

    init(opening path: String) throws {
        (descriptor, count) = try Self.openRegular(path)
        name = path
    }

    deinit { close(descriptor) }

    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < target.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[done...])
            let received = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if received > 0 {
                done += received
            } else if received == 0 {
                throw InputError(name, expected: "\(count) bytes", found: "the end at byte \(offset + done)")
            } else if errno != EINTR {
                throw InputError(name, expected: "a readable file", found: systemMessage(errno))
            }
        }
    }

    private static func openRegular(_ path: String) throws -> (descriptor: Int32, size: Int) {
        try requirePath(path)
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            var status = stat()
            if stat(path, &status) == 0, let kind = specialKind(status.st_mode) {
                throw InputError(path, expected: "a file", found: kind)
            }
            throw InputError(path, expected: "a readable file", found: systemMessage(code))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = systemMessage(errno)
            close(descriptor)
            throw InputError(path, expected: "a readable file", found: reason)
        }
        if let kind = specialKind(status.st_mode) {
            close(descriptor)
            throw InputError(path, expected: "a file", found: kind)
        }
        return (descriptor, Int(status.st_size))
    }
}

/// What a path that is not a regular file is, in words; nil for a regular file.
func specialKind(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
}

/// The system's words for an error number, in lower case as part of a sentence: `"permission denied"`.
package func systemMessage(_ code: Int32) -> String {
    let message = String(cString: strerror(code))
    return message.prefix(1).lowercased() + message.dropFirst()
}

/// Throws for a path that C functions would not see as it is written: an empty one, or one with a NUL in it.
func requirePath(_ path: String) throws {
    if path.isEmpty { throw InputError("path", expected: "the name of a file", found: "an empty name") }
    if path.utf8.contains(0) { throw InputError(path, expected: "the name of a file", found: "a NUL character in it") }
}
