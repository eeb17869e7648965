import Files
import Foundation

/// The files of several sources, one after the other.
struct SourceReader {
    private enum State {
        case walk(FolderWalk)
        case lines(LineReader)
    }

    private var sources: ArraySlice<AuditSource>
    private let shard: Shard?
    private let separator: UInt8
    private var state: State?

    /// In bytes; the system takes paths of 4,096.
    private static let longestPath = 1 << 20

    /// - Parameter separator: what ends a path in lists and on standard input.
    init(_ sources: [AuditSource], shard: Shard?, separator: UInt8) {
        self.sources = sources[...]
        self.shard = shard
        self.separator = separator
    }

    /// The next file of the shard.
    /// - Parameter waiting: told when a stream has nothing more for now, and when it goes on.
    mutating func next(waiting: (Bool) -> Void = { _ in }) throws -> Candidate? {
        while let candidate = try nextOfAll(waiting: waiting) {
            if shard?.contains(candidate.shardName) ?? true { return candidate }
        }
        return nil
    }

    private mutating func nextOfAll(waiting: (Bool) -> Void) throws -> Candidate? {
        while true {
            switch state {
            case .walk(var walk):
                // Given up here, so that the walk is changed in place instead of copied.
                state = nil
                if let candidate = walk.next() {
                    state = .walk(walk)
                    return candidate
                }
            case .lines(let lines):
                guard let line = try lines.next(waiting: waiting) else {
                    state = nil
                    continue
                }
                if line.number == 1 {
                    try ListBeginning.require(line.bytes, of: lines.name, separator: separator)
                }
                if let path = path(line.bytes) { return Candidate(named: path) }
            case nil:
                guard let source = sources.popFirst() else { return nil }
                if let candidate = try begin(source) { return candidate }
            }
        }
    }

    private mutating func begin(_ source: AuditSource) throws -> Candidate? {
        switch source {
        case .standardInput:
            state = .lines(
                LineReader(STDIN_FILENO, named: "stdin", separator: separator, longestLine: Self.longestPath))
        case .list(let path):
            state = .lines(
                try LineReader(
                    opening: path, expecting: "a list of files", isPatient: true, separator: separator,
                    longestLine: Self.longestPath))
        case .path(let path):
            var status = stat()
            guard path.withCString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                return Candidate(named: path)
            }
            state = .walk(FolderWalk(path))
        }
        return nil
    }

    /// The path in a line; nil for an empty line. Lists made on Windows end their lines with a carriage return too.
    private func path(_ line: UnsafeBufferPointer<UInt8>) -> RawPath? {
        let isText = separator == LineReader.lineFeed
        let path = isText && line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
        return path.isEmpty ? nil : RawPath(bytes: Array(path))
    }
}
