import Foundation
import Tensors

/// Paths from a list or a stream, one a line (or ended by NUL). Lines are given as soon as they are complete.
final class PathLines {
    private static let longestLine = 1 << 20

    private let name: String
    private let descriptor: Int32
    private let separator: UInt8
    private let closes: Bool
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false

    /// The lines of standard input.
    init(standardInputBy separator: UInt8) {
        name = "stdin"
        descriptor = STDIN_FILENO
        self.separator = separator
        closes = false
    }

    /// The lines of a file, which may be a pipe: `@<(find …)`.
    init(list path: RawPath, by separator: UInt8) throws {
        name = path.description
        descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            throw InputError(name, expected: "a list of files", found: systemMessage(errno))
        }
        self.separator = separator
        closes = true
    }

    deinit { if closes { close(descriptor) } }

    /// The next path; empty lines are passed over.
    /// - Parameter waiting: told when more has to be read, and when it was.
    func next(waiting: (Bool) -> Void) throws -> RawPath? {
        while true {
            if let end = buffer[position...].firstIndex(of: separator) {
                let line = buffer[position..<end]
                position = end + 1
                if let path = path(line) { return path }
            } else if isAtEnd {
                let line = buffer[position...]
                position = buffer.count
                return path(line)
            } else {
                waiting(true)
                defer { waiting(false) }
                try read()
            }
        }
    }

    /// A line's path; lists made on Windows end their lines with a carriage return too.
    private func path(_ line: ArraySlice<UInt8>) -> RawPath? {
        let isText = separator == UInt8(ascii: "\n")
        let path = isText && line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        return path.isEmpty ? nil : RawPath(bytes: Array(path))
    }

    private func read() throws {
        buffer.removeFirst(position)
        position = 0
        guard buffer.count < Self.longestLine else {
            throw InputError(name, expected: "a path a line", found: "a line of over \(Self.longestLine) bytes")
        }
        let held = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: 1 << 16))
        var received = -1
        repeat {
            received = buffer.withUnsafeMutableBytes { bytes in
                let space = UnsafeMutableRawBufferPointer(rebasing: bytes[held...])
                return Foundation.read(descriptor, space.baseAddress, space.count)
            }
        } while received < 0 && errno == EINTR
        buffer.removeLast(buffer.count - held - max(0, received))
        guard received >= 0 else {
            throw InputError(name, expected: "a list of files", found: systemMessage(errno))
        }
        isAtEnd = received == 0
    }
}
