import Files
import Foundation
import InputErrors
import TestSupport
import Testing

/// Lines of files, pipes and lists.
@Suite struct LineReaderTests {
    private struct Line: Equatable {
        let text: String
        let number: Int
        let end: Int
        let isComplete: Bool
    }

    private func lines(_ reader: LineReader) throws -> [Line] {
        var lines: [Line] = []
        while let line = try reader.next() {
            lines.append(
                Line(
                    text: String(decoding: line.bytes, as: UTF8.self), number: line.number, end: line.end,
                    isComplete: line.isComplete))
        }
        return lines
    }

    private func reader(
        _ text: String, separator: UInt8 = LineReader.lineFeed, longestLine: Int = 1 << 20
    ) throws -> LineReader {
        let folder = try TemporaryFolder()
        return try LineReader(
            opening: RawPath(folder.write("lines", Data(text.utf8))), expecting: "lines", isPatient: false,
            separator: separator, longestLine: longestLine)
    }

    @Test func everyLineHasItsNumberAndItsEnd() throws {
        #expect(
            try lines(reader("a\n\nbc\nd")) == [
                Line(text: "a", number: 1, end: 2, isComplete: true),
                Line(text: "", number: 2, end: 3, isComplete: true),
                Line(text: "bc", number: 3, end: 6, isComplete: true),
                Line(text: "d", number: 4, end: 7, isComplete: false),
            ])
        #expect(try lines(reader("a\n")) == [Line(text: "a", number: 1, end: 2, isComplete: true)])
        #expect(try lines(reader("")).isEmpty)
    }

    @Test func anotherSeparator() throws {
        let read = try lines(reader("a\nb\0c\0", separator: 0))
        #expect(read.map(\.text) == ["a\nb", "c"] && read.map(\.end) == [4, 6])
    }

    /// Lines of all lengths around the size of the buffer, which begins with a mebibyte and grows.
    @Test func linesLongerThanTheBuffer() throws {
        let lengths = [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_000_000, 5]
        let texts = lengths.enumerated().map { String(repeating: Character("\($0)"), count: $1) }
        let read = try lines(reader(texts.joined(separator: "\n"), longestLine: 4 << 20))
        #expect(read.map(\.text) == texts)
        #expect(read.last?.end == lengths.reduce(0, +) + lengths.count - 1)
    }

    @Test(arguments: ["123456\n", "1\n123456\n", "123456"]) func tooLongALineIsRefused(_ text: String) throws {
        let error = #expect(throws: InputError.self) { try lines(reader(text, longestLine: 5)) }
        #expect(error?.code == .tooLarge && error?.expected == "at most 5 bytes")
        #expect(error?.subject.hasSuffix("lines, line \(text.contains("1\n1") ? 2 : 1)") == true)
        #expect(try lines(reader(text, longestLine: 6)).count == (text.contains("1\n1") ? 2 : 1))
    }

    /// A line is given while the pipe is still open, and the reader tells when it waits.
    @Test func aPipeGivesLinesAsTheyCome() throws {
        let pipe = Pipe()
        let reader = LineReader(pipe.fileHandleForReading.fileDescriptor, named: "pipe")
        try pipe.fileHandleForWriting.write(contentsOf: Data("one\ntw".utf8))
        var told: [Bool] = []
        let first = try #require(try reader.next { told.append($0) })
        #expect(String(decoding: first.bytes, as: UTF8.self) == "one" && told == [true, false])
        try pipe.fileHandleForWriting.write(contentsOf: Data("o\nthree\n".utf8))
        told = []
        let second = try #require(try reader.next { told.append($0) })
        #expect(String(decoding: second.bytes, as: UTF8.self) == "two" && told == [true, false])
        told = []
        let third = try #require(try reader.next { told.append($0) })
        #expect(String(decoding: third.bytes, as: UTF8.self) == "three" && told.isEmpty)
        try pipe.fileHandleForWriting.close()
        let end = try reader.next()
        #expect(end == nil)
        // The reader has the number alone; the pipe closes it with its own end.
        withExtendedLifetime(pipe) {}
    }

    @Test func whatCannotBeReadIsRefused() throws {
        let folder = try TemporaryFolder()
        mkfifo(folder.path("pipe"), 0o600)
        func code(_ path: String) -> InputError.Code? {
            #expect(throws: InputError.self) {
                try LineReader(opening: RawPath(path), expecting: "lines", isPatient: false)
            }?.code
        }
        #expect(code(folder.path("none")) == .missing)
        #expect(code(folder.url.path) == .notAFile)
        #expect(code("/dev/null") == .notAFile)
        // A pipe without a writer has no lines, and nobody waits for one.
        #expect(
            try lines(LineReader(opening: RawPath(folder.path("pipe")), expecting: "lines", isPatient: false)).isEmpty)
        #expect(try lines(LineReader(opening: RawPath("/dev/null"), expecting: "lines", isPatient: true)).isEmpty)
    }
}
