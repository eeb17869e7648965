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

    /// Fails early, before any work is done, for a list that cannot be read, or is none.
    /// - Parameter separator: what ends a path.
    public func requireReadable(separator: UInt8) throws {
        guard case .list(let path) = self else { return }
        guard path.withCString({ access($0, R_OK) }) == 0 else {
            let code = errno
            throw InputError(
                path.text, expected: "a list of files", found: systemMessage(code), as: RegularFile.refusal(of: code))
        }
        guard let file = try? RegularFile(opening: path) else { return }
        try ListBeginning.require(file.beginning(4096), of: path.text, separator: separator)
    }

    /// Whether it is a path, which names no file more than once.
    public var isPath: Bool {
        if case .path = self { true } else { false }
    }
}
