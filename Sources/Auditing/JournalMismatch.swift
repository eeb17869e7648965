import InputErrors
import Verdicts

/// Results that were judged with another model, other keys or other settings than a run that wants to go on with them.
public struct JournalMismatch: Error, Sendable {
    /// The results.
    public let path: String
    /// What they were judged with.
    public let header: AuditHeader
    /// In what the run differs; `here` is the results' side.
    public let differences: [AuditHeader.Difference]

    /// The differences in words.
    public var error: InputError {
        InputError(
            path, expected: "results with " + describe(\.there), found: "results with " + describe(\.here),
            as: .resultsMismatch)
    }

    private func describe(_ side: KeyPath<AuditHeader.Difference, String>) -> String {
        differences.map { "\($0.name) \($0[keyPath: side].prefix(64))" }.joined(separator: "; ")
    }

    /// Lines of several audits may stand in one file where they agree. A run of one shard goes on with that shard's
    /// results alone; a run of all files, with any.
    static func check(_ found: AuditHeader, against header: AuditHeader, in path: String) throws {
        var differences = found.differences(from: header)
        if let shard = header.shard, found.shard != shard {
            differences.append(.init(name: "shard", here: found.shard ?? "nothing", there: shard))
        }
        if !differences.isEmpty { throw JournalMismatch(path: path, header: found, differences: differences) }
    }
}
