import Foundation
import Tensors

/// Goes through a text file line by line in a few megabytes of memory, however long it is.
struct LineReader: ~Copyable {
    /// The longest line that is read, in bytes.
    static let longestLine = 64 << 20

    /// One line, without its end.
    struct Line {
        /// A NUL follows the last byte.
        let bytes: UnsafeBufferPointer<UInt8>
        /// From 1.
        let number: Int
        /// Whether a newline ends it; only the last line of a file can be without.
        let isComplete: Bool
    }

    private let descriptor: Int32
    private let name: String
    private var buffer: UnsafeMutableBufferPointer<UInt8>
    private var start = 0
    private var end = 0
    private var number = 0
    private var isAtEnd = false

    /// Opens a file or a pipe; `-` is standard input.
    /// - Throws: `InputError` for what cannot be read.
    init(opening path: String) throws {
        name = path
        buffer = .allocate(capacity: 4 << 20)
        if path == "-" {
            descriptor = STDIN_FILENO
            return
        }
        // A pipe that nobody writes to must not make the open wait.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw InputError(path, expected: "a file of results", found: systemMessage(errno))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, [S_IFREG, S_IFIFO].contains(status.st_mode & S_IFMT) else {
            throw InputError(
                path, expected: "a file of results",
                found: status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a device or socket")
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
        buffer.deallocate()
    }

    /// The next line, nil at the end. Its bytes are valid until the next call.
    mutating func next() throws -> Line? {
        var searched = start
        while true {
            if let base = buffer.baseAddress, let found = memchr(base + searched, 0x0A, end - searched) {
                let newline = UnsafeRawPointer(found) - UnsafeRawPointer(base)
                return line(upTo: newline, isComplete: true)
            }
            if isAtEnd { return start < end ? line(upTo: end, isComplete: false) : nil }
            searched = end
            let before = start
            try fill()
            searched -= before - start
        }
    }

    private mutating func line(upTo stop: Int, isComplete: Bool) -> Line {
        number += 1
        // There is room for it: `fill` leaves a byte free.
        buffer[stop] = 0
        defer { start = min(stop + 1, end) }
        return Line(bytes: UnsafeBufferPointer(rebasing: buffer[start..<stop]), number: number, isComplete: isComplete)
    }

    /// Moves what is left to the front and reads on, into a larger buffer where a line fills this one.
    private mutating func fill() throws {
        if start > 0 {
            if let base = buffer.baseAddress { memmove(base, base + start, end - start) }
            end -= start
            start = 0
        }
        if end + 1 >= buffer.count { try grow() }
        while true {
            let count = read(descriptor, buffer.baseAddress.map { $0 + end }, buffer.count - end - 1)
            if count > 0 {
                end += count
                return
            }
            if count == 0 {
                isAtEnd = true
                return
            }
            if errno != EINTR {
                throw InputError(name, expected: "a file that can be read", found: systemMessage(errno))
            }
        }
    }

    private mutating func grow() throws {
        guard buffer.count < Self.longestLine else {
            throw InputError(
                name, expected: "lines of at most \(Self.longestLine >> 20) MB", found: "a longer line \(number + 1)")
        }
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: buffer.count * 2)
        _ = larger.update(fromContentsOf: UnsafeBufferPointer(rebasing: buffer[..<end]))
        buffer.deallocate()
        buffer = larger
    }
}
