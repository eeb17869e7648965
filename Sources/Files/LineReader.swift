import Foundation
import InputErrors

/// Reads a file, a pipe or standard input line by line, however long it is. Lines are given as soon as they are complete.
///
/// Memory in use is bounded by the longest line that is allowed. Lines that end in a line feed are text: a byte order mark
/// before the first is passed over, and UTF-16 is refused.
package final class LineReader {
    /// One line, without its separator.
    package struct Line {
        /// Valid until the next line is asked for.
        package let bytes: UnsafeBufferPointer<UInt8>
        /// From 1.
        package let number: Int
        /// Offset of the byte after the separator, counted from where reading began.
        package let end: Int
        /// Whether a separator ends it; only the last line can be without.
        package let isComplete: Bool
    }

    /// A line feed.
    package static let lineFeed = UInt8(ascii: "\n")

    /// What messages call the source: the path of a file.
    package let name: String

    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let separator: UInt8
    private let longestLine: Int
    private var buffer: UnsafeMutableBufferPointer<UInt8>
    private var start = 0
    private var end = 0
    private var number = 0
    private var offset = 0
    private var isAtEnd = false

    /// Lines of an open file from where it stands; the caller keeps it open for as long as it is read.
    /// - Parameters:
    ///   - descriptor: open for reading.
    ///   - name: what messages call it.
    ///   - separator: what ends a line.
    ///   - longestLine: in bytes; a longer one is refused.
    package convenience init(
        _ descriptor: Int32, named name: String, separator: UInt8 = lineFeed, longestLine: Int = 64 << 20
    ) {
        self.init(descriptor, name, separator, longestLine, ownsDescriptor: false)
    }

    /// Opens a file, or a pipe if `isPatient`: opening one waits until somebody writes to it.
    /// - Parameters:
    ///   - path: of the file.
    ///   - expected: what messages call such a file: `a list of files`.
    ///   - isPatient: whether to wait for the writer of a named pipe, and to take devices too. Otherwise a pipe without
    ///     a writer has no lines, and a device or socket is refused.
    ///   - separator: what ends a line.
    ///   - longestLine: in bytes; a longer one is refused.
    /// - Throws: `InputError` for what cannot be opened.
    package convenience init(
        opening path: RawPath, expecting expected: String, isPatient: Bool, separator: UInt8 = lineFeed,
        longestLine: Int = 64 << 20
    ) throws {
        let name = path.text
        let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC | (isPatient ? 0 : O_NONBLOCK)) }
        guard descriptor >= 0 else {
            let code = errno
            throw InputError(
                name, expected: expected, found: systemMessage(code), as: RegularFile.refusal(of: code))
        }
        self.init(descriptor, name, separator, longestLine, ownsDescriptor: true)
        guard !isPatient else { return }
        var status = stat()
        guard fstat(descriptor, &status) == 0, [S_IFREG, S_IFIFO].contains(status.st_mode & S_IFMT) else {
            throw InputError(
                name, expected: expected,
                found: status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a device or socket", as: .notAFile)
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    }

    private init(
        _ descriptor: Int32, _ name: String, _ separator: UInt8, _ longestLine: Int, ownsDescriptor: Bool
    ) {
        precondition(longestLine >= 1, "lines of at most \(longestLine) bytes")
        self.descriptor = descriptor
        self.name = name
        self.separator = separator
        self.longestLine = longestLine
        self.ownsDescriptor = ownsDescriptor
        buffer = .allocate(capacity: min(1 << 20, longestLine + 1))
    }

    deinit {
        if ownsDescriptor { close(descriptor) }
        buffer.deallocate()
    }

    /// The next line, nil at the end.
    /// - Parameter waiting: told true before more is read, which may take for ever on a pipe, and false afterwards.
    /// - Throws: `InputError` for a line that is too long and for a source that fails.
    package func next(waiting: (Bool) -> Void = { _ in }) throws -> Line? {
        var searched = start
        while true {
            if let found = separator(from: searched) { return try line(upTo: found, isComplete: true) }
            if isAtEnd { return start < end ? try line(upTo: end, isComplete: false) : nil }
            let known = end - start
            waiting(true)
            defer { waiting(false) }
            try fill()
            searched = start + known
        }
    }

    private func separator(from searched: Int) -> Int? {
        guard let base = buffer.baseAddress, let found = memchr(base + searched, Int32(separator), end - searched)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private func line(upTo stop: Int, isComplete: Bool) throws -> Line {
        guard stop - start <= longestLine else { throw tooLong }
        let bytes = UnsafeBufferPointer(rebasing: buffer[start..<stop])
        let length = bytes.count + (isComplete ? 1 : 0)
        number += 1
        offset += length
        start += length
        return Line(bytes: try beginning(bytes), number: number, end: offset, isComplete: isComplete)
    }

    /// The first line of a text without its byte order mark; any other line as it is.
    private func beginning(_ line: UnsafeBufferPointer<UInt8>) throws -> UnsafeBufferPointer<UInt8> {
        guard number == 1, separator == Self.lineFeed else { return line }
        // A name may begin with the bytes of a mark, but has no NUL.
        if line.contains(0), let other = UTF8Text.otherEncoding(line) {
            throw InputError(name, expected: "UTF-8 text", found: other, as: .textEncoding)
        }
        guard line.starts(with: UTF8Text.byteOrderMark) else { return line }
        return UnsafeBufferPointer(rebasing: line[UTF8Text.byteOrderMark.count...])
    }

    private var tooLong: InputError {
        InputError(
            "\(name), line \(number + 1)", expected: "at most \(longestLine) bytes", found: "a longer line",
            as: .tooLarge)
    }

    /// Moves what is left to the front and reads on, into a larger buffer where a line fills this one.
    private func fill() throws {
        if start > 0 {
            if let base = buffer.baseAddress { memmove(base, base + start, end - start) }
            end -= start
            start = 0
        }
        if end == buffer.count { try grow() }
        var count = -1
        repeat {
            count = read(descriptor, buffer.baseAddress.map { $0 + end }, buffer.count - end)
        } while count < 0 && errno == EINTR
        guard count >= 0 else {
            throw InputError(
                name, expected: "a readable file", found: systemMessage(errno), as: .notReadable)
        }
        end += count
        isAtEnd = count == 0
    }

    private func grow() throws {
        guard buffer.count <= longestLine else { throw tooLong }
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: min(buffer.count * 2, longestLine + 1))
        _ = larger.update(fromContentsOf: UnsafeBufferPointer(rebasing: buffer[..<end]))
        buffer.deallocate()
        buffer = larger
    }
}
