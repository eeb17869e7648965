import Foundation
import Tensors

/// The lines of a file of results, one after the other; the file may be larger than memory.
///
/// A last line without its line feed was torn when its writer was killed: it is not given.
public struct ResultLines {
    /// One line and where it lies.
    public struct Line {
        /// Counted from 1.
        public let number: Int
        /// Its bytes, without the line feed.
        public let bytes: Data
        /// The offset of the byte after its line feed.
        public let end: Int
    }

    private let name: String
    private let descriptor: Int32
    private var buffer = Data()
    private var bufferEnd = 0
    private var lineEnd = 0
    private var number = 0

    /// Lines of an open file from its beginning; the caller keeps it open.
    init(of descriptor: Int32, named name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// The next complete line.
    public mutating func next() throws -> Line? {
        var searched = 0
        while true {
            let start = buffer.startIndex
            if let feed = buffer[(start + searched)...].firstIndex(of: UInt8(ascii: "\n")) {
                let bytes = buffer[start..<feed]
                lineEnd += bytes.count + 1
                number += 1
                buffer = buffer[(feed + 1)...]
                return Line(number: number, bytes: bytes, end: lineEnd)
            }
            searched = buffer.count
            guard try read() else { return nil }
        }
    }

    private mutating func read() throws -> Bool {
        var chunk = Data(count: 1 << 20)
        var received = -1
        repeat {
            received = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(bufferEnd)) }
        } while received < 0 && errno == EINTR
        guard received >= 0 else {
            throw InputError(name, expected: "readable results", found: systemMessage(errno))
        }
        bufferEnd += received
        buffer = Data(buffer) + chunk.prefix(received)
        return received > 0
    }
}
