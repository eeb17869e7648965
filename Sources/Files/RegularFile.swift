import Foundation
import InputErrors

/// A regular file opened for reading. Opening never waits (a named pipe is refused at once), and never touches a device.
package final class RegularFile: ByteSource {
    package let name: String
    /// Length in bytes when the file was opened.
    package let count: Int
    /// Time of the last change when the file was opened, in nanoseconds since 1970 as `nanoseconds(_:)` has them.
    package let modified: Int
    /// What told the file from others when it was opened.
    package let identity: FileIdentity
    /// Kind and rights of the file.
    package let mode: mode_t
    private let descriptor: Int32

    /// Opens the file at `path`.
    /// - Throws: `InputError`.
    package convenience init(opening path: String) throws { try self.init(opening: RawPath(path)) }

    /// Opens the file at `path`.
    /// - Throws: `InputError`.
    package init(opening path: RawPath) throws {
        name = path.text
        let (descriptor, status) = try Self.openRegular(path)
        self.descriptor = descriptor
        count = Int(status.st_size)
        mode = status.st_mode
        modified = Self.nanoseconds(status.st_mtim)
        identity = FileIdentity(status)
    }

    deinit { close(descriptor) }

    /// A time in nanoseconds since 1970, modulo 2⁶⁴: one from 2262-04-12 on has a number too, and another one than any
    /// time of the 584 years around it.
    package static func nanoseconds(_ time: timespec) -> Int { time.tv_sec &* 1_000_000_000 &+ time.tv_nsec }

    /// The whole file, of 1 to `limit` bytes.
    package func content(limit: Int) throws -> Data {
        try requireContent(limit: limit)
        var data = Data(count: count)
        try data.withUnsafeMutableBytes { try read(into: $0, at: 0) }
        return data
    }

    /// Refuses an empty file, and one of more than `limit` bytes.
    func requireContent(limit: Int) throws {
        guard count > 0 else {
            throw InputError(name, expected: "a file with content", found: "an empty file", as: .empty)
        }
        guard count <= limit else {
            throw InputError(name, expected: "at most \(limit) bytes", found: "\(count) bytes", as: .tooLarge)
        }
        try Memory.require(count, for: name)
    }

    /// The file's first bytes: `length` of them, or fewer where it is shorter.
    package func beginning(_ length: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: min(length, count))
        try bytes.withUnsafeMutableBytes { try read(into: $0, at: 0) }
        return bytes
    }

    package func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < target.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[done...])
            let received = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if received > 0 {
                done += received
            } else if received == 0 {
                throw InputError(
                    name, expected: "\(count) bytes", found: "the end at byte \(offset + done)", as: .damaged)
            } else if errno != EINTR {
                throw InputError(name, expected: "a readable file", found: systemMessage(errno), as: .notReadable)
            }
        }
    }

    /// The whole file in memory that is read from it when it is needed; whoever gets it unmaps it.
    /// - Throws: `InputError` where it cannot be mapped.
    package func mapped() throws -> UnsafeMutableRawBufferPointer {
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw InputError(name, expected: "a file that can be mapped", found: systemMessage(errno), as: .notReadable)
        }
        return UnsafeMutableRawBufferPointer(start: start, count: count)
    }

    private static func openRegular(_ path: RawPath) throws -> (descriptor: Int32, status: stat) {
        let name = path.text
        try requirePath(path.bytes, named: name, as: .missing)
        func refuse(_ code: Int32) -> InputError {
            InputError(name, expected: "a readable file", found: systemMessage(code), as: refusal(of: code))
        }
        var status = stat()
        func requireRegular() throws {
            guard let kind = specialKind(status.st_mode) else { return }
            throw InputError(name, expected: "a file", found: kind, as: .notAFile)
        }
        // Asked before opening: opening a pipe lets its writer go on, and opening a device may do anything.
        if path.withCString({ stat($0, &status) }) == 0 { try requireRegular() }
        let descriptor = path.withCString { open($0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw refuse(errno) }
        do {
            guard fstat(descriptor, &status) == 0 else { throw refuse(errno) }
            try requireRegular()
        } catch {
            close(descriptor)
            throw error
        }
        return (descriptor, status)
    }

    /// A name that cannot be resolved means a missing file; anything else is a file that cannot be read.
    package static func refusal(of code: Int32) -> InputError.Code {
        [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(code) ? .missing : .notReadable
    }
}

/// What a path that is not a regular file is, in words; nil for a regular file.
package func specialKind(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
}

/// The system's words for an error number, to follow "found": `"permission denied"`.
package func systemMessage(_ code: Int32) -> String {
    if code == EISDIR { return "a folder" }
    let message = String(cString: strerror(code))
    return message.prefix(1).lowercased() + message.dropFirst()
}

/// Throws for a path that C functions would not see as it is written: an empty one, or one with a NUL in it.
package func requirePath(_ path: String, as code: InputError.Code) throws {
    try requirePath(RawPath(path).bytes, named: path, as: code)
}

private func requirePath(_ bytes: some Collection<UInt8>, named name: String, as code: InputError.Code) throws {
    if bytes.isEmpty {
        throw InputError("path", expected: "the name of a file", found: "an empty name", as: code)
    }
    if bytes.contains(0) {
        throw InputError(name, expected: "the name of a file", found: "a NUL character in it", as: code)
    }
}
