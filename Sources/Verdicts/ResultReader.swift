import Files
import InputErrors

/// Reads a file of results line by line; the file may be larger than memory.
package struct ResultReader {
    /// What a line holds.
    package enum Content {
        /// A header, a verdict or a failure.
        case result(ResultLine)
        /// Nothing but blanks.
        case blank
        /// The beginning of a last line whose writer was killed.
        case torn
    }

    /// A line and where it lies.
    package struct Entry {
        /// What it holds.
        package let content: Content
        /// From 1.
        package let number: Int
        /// Offset of the byte after it.
        package let end: Int
    }

    private let lines: LineReader
    private let takesUnterminated: Bool

    /// - Parameters:
    ///   - lines: of the file, from its beginning.
    ///   - takesUnterminated: whether a last line without its line feed counts where it is whole otherwise. A program that
    ///     goes on writing the file must not.
    package init(_ lines: LineReader, takesUnterminated: Bool) {
        self.lines = lines
        self.takesUnterminated = takesUnterminated
    }

    /// The next line, nil at the end. What it holds is valid until the next call.
    /// - Throws: `InputError` that names file and line for what is no line of results.
    package func next() throws -> Entry? {
        guard let line = try lines.next() else { return nil }
        return Entry(content: try content(line), number: line.number, end: line.end)
    }

    private func content(_ line: LineReader.Line) throws -> Content {
        if !line.isComplete, !takesUnterminated { return .torn }
        if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return .blank }
        do {
            return .result(try ResultLine(line.bytes))
        } catch let error as JSONScanner.Malformed {
            if !line.isComplete { return .torn }
            throw InputError(
                place(line), expected: error.expected, found: Self.excerpt(line.bytes, error.offset),
                as: line.number == 1 ? .notResults : .resultsLine)
        } catch let error as InputError {
            throw InputError(
                place(line), expected: "\(error.subject): \(error.expected)", found: error.found, as: error.code)
        }
    }

    /// The file and the line, as messages name them.
    private func place(_ line: LineReader.Line) -> String { "\(lines.name), line \(line.number)" }

    /// A few characters from a place in a line.
    private static func excerpt(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int) -> String {
        guard offset < bytes.count else { return "the line's end" }
        return String(decoding: bytes[offset..<min(offset + 40, bytes.count)], as: UTF8.self)
    }
}
