import Files
import Foundation
import InputErrors
import Verdicts

/// What was taken out of a file of results that something else had written into.
///
/// Every line that is whole stays where it is, and so does a whole result behind other text on its line. All else goes to
/// the end of `PATH.damaged` before the file is replaced, so that nothing is lost whenever the process ends.
public struct JournalRepair: Sendable, Equatable {
    /// The damaged lines, counted from 1.
    public let damaged: [Int]
    /// The lines that are whole now.
    public let kept: Int
    /// The file that has what was taken out.
    public let remains: String

    /// Bytes to take out of a line.
    private struct Damage {
        let line: Int
        let range: Range<Int>
    }

    /// Repairs the results in a file. A torn last line is left to whoever resumes them.
    /// - Returns: nil where there is nothing to repair, or no file.
    /// - Throws: `InputError` for a file that is in use, that has no header, or that cannot be replaced.
    public init?(_ path: String) throws {
        guard let place = RawPath(path).resolved?.text else { return nil }
        let descriptor = RawPath(place).withCString { open($0, O_RDWR | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else {
            throw InputError(path, expected: "a writable file", found: systemMessage(errno), as: .notWritable)
        }
        defer { close(descriptor) }
        _ = try Journal.lock(descriptor, path)
        let (damages, kept) = try Self.scan(descriptor, path)
        guard !damages.isEmpty else { return nil }
        damaged = damages.map(\.line)
        self.kept = kept
        remains = path + ".damaged"
        try Self.save(damages, of: descriptor, in: place + ".damaged")
        try Self.replace(place, descriptor, without: damages)
    }

    private static func scan(_ descriptor: Int32, _ path: String) throws -> (damages: [Damage], kept: Int) {
        let lines = LineReader(descriptor, named: path)
        var (damages, kept, start, hasHeader) = ([Damage](), 0, 0, false)
        while let line = try lines.next(), line.isComplete {
            let result = result(in: line.bytes)
            if case .header = result?.content { hasHeader = true }
            if result != nil { kept += 1 }
            // A byte order mark before the first line is not in its bytes, and may stay where nothing else is damaged.
            let end = result.map { $0.offset == 0 ? start : line.end - 1 - line.bytes.count + $0.offset } ?? line.end
            if end > start { damages.append(Damage(line: line.number, range: start..<end)) }
            start = line.end
        }
        guard hasHeader || damages.isEmpty else {
            throw InputError(
                path, expected: "results with a header that can be read", found: "no header", as: .notResults)
        }
        return (damages, kept)
    }

    /// The result that a line ends with, and where it begins.
    private static func result(in line: UnsafeBufferPointer<UInt8>) -> (content: ResultLine, offset: Int)? {
        // A line in which so many objects begin is no message before a result.
        let mostTries = 16
        let beginnings = line.indices.lazy.filter { line[$0] == UInt8(ascii: "{") }
        for offset in beginnings.prefix(mostTries) {
            if let content = try? ResultLine(UnsafeBufferPointer(rebasing: line[offset...])) {
                return (content, offset)
            }
        }
        return nil
    }

    private static func save(_ damages: [Damage], of descriptor: Int32, in path: String) throws {
        let remains = RawPath(path).withCString {
            open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
        }
        func refuse(_ code: Int32) -> InputError {
            InputError(path, expected: "a file for damaged lines", found: systemMessage(code), as: .notWritable)
        }
        guard remains >= 0 else { throw refuse(errno) }
        defer { close(remains) }
        for damage in damages {
            var bytes = [UInt8](repeating: 0, count: damage.range.count)
            let count = pread(descriptor, &bytes, bytes.count, off_t(damage.range.lowerBound))
            guard count == bytes.count else { throw refuse(count < 0 ? errno : EIO) }
            if bytes.last != LineReader.lineFeed { bytes.append(LineReader.lineFeed) }
            let code = bytes.withUnsafeBytes { OpenDescriptor.write($0, to: remains) }
            guard code == 0 else { throw refuse(code) }
        }
        guard fsync(remains) == 0 else { throw refuse(errno) }
    }

    private static func replace(_ path: String, _ descriptor: Int32, without damages: [Damage]) throws {
        var status = stat()
        fstat(descriptor, &status)
        try AtomicFile.write(to: path, overwrite: true, permissions: status.st_mode & 0o777) { file in
            var start = 0
            for damage in damages {
                try file.append(copyOf: descriptor, start..<damage.range.lowerBound, named: path)
                start = damage.range.upperBound
            }
            try file.append(copyOf: descriptor, start..<max(start, Int(status.st_size)), named: path)
        }
    }
}
