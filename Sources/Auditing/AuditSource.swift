import Files
import Foundation
import InputErrors

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
        let code = errno
        throw InputError(
            path.description, expected: "a list of files", found: systemMessage(code), as: RegularFile.refusal(of: code)
        )
    }

    /// Whether it is a path, which names no file more than once.
    public var isPath: Bool {
        if case .path = self { true } else { false }
    }
}
