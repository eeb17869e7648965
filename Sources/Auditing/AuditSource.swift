import Foundation
import Tensors

/// Where the files of an audit come from.
public enum AuditSource: Sendable, Equatable {
    /// One file, or a folder with all that is in it.
    case path(RawPath)
    /// A list of files, one a line.
    case list(RawPath)
    /// The lines of standard input, as they come.
    case standardInput

    /// Reads `-`, `@list.txt` or a path.
    public init(_ argument: RawPath) {
        if argument.bytes == [UInt8(ascii: "-")] {
            self = .standardInput
        } else if argument.bytes.first == UInt8(ascii: "@") {
            self = .list(RawPath(bytes: Array(argument.bytes.dropFirst())))
        } else {
            self = .path(argument)
        }
    }

    /// Whether it can be read another time, as for counting.
    public var isRepeatable: Bool {
        switch self {
        case .path: true
        case .list(let path): (try? RegularFile(opening: path)) != nil
        case .standardInput: false
        }
    }

    /// Fails early, before any work is done, for a list that cannot be read.
    public func requireReadable() throws {
        guard case .list(let path) = self, path.withCString({ access($0, R_OK) }) != 0 else { return }
        throw InputError(path.description, expected: "a list of files", found: systemMessage(errno))
    }

    /// Whether it is a path, which names no file more than once.
    public var isPath: Bool {
        if case .path = self { true } else { false }
    }
}

/// The files of several sources, one after the other.
struct SourceReader {
    private enum State {
        case walk(FolderWalk)
        case lines(PathLines)
    }

    private var sources: ArraySlice<AuditSource>
    private let shard: Shard?
    private let separator: UInt8
    private var state: State?

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
                if let path = try lines.next(waiting: waiting) { return Candidate(named: path) }
                state = nil
            case nil:
                guard let source = sources.popFirst() else { return nil }
                if let candidate = try begin(source) { return candidate }
            }
        }
    }

    private mutating func begin(_ source: AuditSource) throws -> Candidate? {
        switch source {
        case .standardInput: state = .lines(PathLines(standardInputBy: separator))
        case .list(let path): state = .lines(try PathLines(list: path, by: separator))
        case .path(let path):
            var status = stat()
            guard path.withCString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                return Candidate(named: path)
            }
            state = .walk(FolderWalk(path))
        }
        return nil
    }
}
