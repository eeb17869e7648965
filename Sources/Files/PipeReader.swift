import Foundation
import InputErrors

/// Reads a pipe that somebody named, or standard input, to its end.
///
/// A pipe that nobody writes to has no end: one that gets no writer within `patience` is refused. Once there is a writer,
/// reading takes as long as the writer does.
final class PipeReader {
    private static let patience = Duration.seconds(2)

    private let name: String
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private var hasWriter = false

    /// Opens a pipe. Opening never waits.
    init(opening path: RawPath) throws {
        let descriptor = path.withCString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
        guard descriptor >= 0 else {
            throw InputError(path.text, expected: "a readable pipe", found: systemMessage(errno), as: .notReadable)
        }
        name = path.text
        self.descriptor = descriptor
        ownsDescriptor = true
    }

    /// Standard input.
    init(standardInputNamed name: String) {
        self.name = name
        ownsDescriptor = false
        descriptor = STDIN_FILENO
        hasWriter = true
    }

    deinit { if ownsDescriptor { close(descriptor) } }

    /// Reads some bytes, at least one unless the pipe is at its end.
    /// - Returns: how many; 0 at the end.
    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        let start = ContinuousClock.now
        while true {
            let count = Foundation.read(descriptor, target.baseAddress, target.count)
            if count > 0 { hasWriter = true }
            if count > 0 || count == 0 && hasWriter { return count }
            if count == 0 {
                guard ContinuousClock.now - start < Self.patience else {
                    throw InputError(name, expected: "a file", found: "a pipe that nobody writes to", as: .notAFile)
                }
                usleep(20_000)
            } else if errno == EAGAIN {
                hasWriter = true
                var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                throw InputError(name, expected: "a readable file", found: systemMessage(errno), as: .notReadable)
            }
        }
    }

    /// All that comes, 1 to `limit` bytes.
    /// - Parameter memory: makes Data of so many bytes that `fill` writes.
    func content(
        limit: Int, in memory: (Int, (UnsafeMutableRawBufferPointer) throws -> Void) throws -> Data = PipeReader.plain
    ) throws -> Data {
        var (content, count) = (Data(), 0)
        var isAtEnd = false
        while !isAtEnd {
            let before = content
            // One byte more than is allowed tells whether there is one.
            let size = min(max(1 << 16, 2 * count), limit + 1)
            try Memory.require(size, for: name)
            content = try memory(size) { target in
                before.prefix(count).copyBytes(to: target)
                while !isAtEnd, count < target.count {
                    let received = try read(into: UnsafeMutableRawBufferPointer(rebasing: target[count...]))
                    count += received
                    isAtEnd = received == 0
                }
            }
            guard count <= limit else {
                throw InputError(name, expected: "at most \(limit) bytes", found: "more", as: .tooLarge)
            }
        }
        guard count > 0 else {
            throw InputError(name, expected: "a file with content", found: "an empty file", as: .empty)
        }
        return content.prefix(count)
    }

    /// Data in ordinary memory.
    static func plain(_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void) throws -> Data {
        var data = Data(count: count)
        try data.withUnsafeMutableBytes { try fill($0) }
        return data
    }
}
