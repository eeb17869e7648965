import Files
import Foundation

/// One line of results below the header.
public struct AuditRecord: Sendable, Equatable {
    /// What became of the file.
    public enum Outcome: Sendable, Equatable {
        /// It was judged.
        case verdict(Verdict)
        /// It could not be judged.
        case failure(AuditFailure)
    }

    /// What became of the file.
    public var outcome: Outcome
    /// The file's length and time of change when it was read; nil where there was none to ask.
    public var stamp: FileStamp?
    /// The file's name in full where it is not UTF-8; `path` then has U+FFFD for the bytes that no text can have.
    public var rawPath: RawPath?

    /// A line for a file.
    public init(_ outcome: Outcome, stamp: FileStamp?, rawPath: RawPath? = nil) {
        self.outcome = outcome
        self.stamp = stamp
        self.rawPath = rawPath
    }

    /// The file as it was named, to show.
    public var path: String {
        switch outcome {
        case .verdict(let verdict): verdict.path
        case .failure(let failure): failure.path
        }
    }

    /// The file as it was named, in full: what tells one file from another.
    public var name: RawPath { rawPath ?? RawPath(bytes: Array(path.utf8)) }
}

/// The document of a verdict or a failure, with `"stamp": {"size": …, "modified": …}` as one more member, and
/// `path_base64` where the name is not UTF-8.
extension AuditRecord: Encodable {
    private enum CodingKeys: String, CodingKey {
        case stamp
        case rawPath = "path_base64"
    }

    /// Writes the document with the stamp beside its members.
    public func encode(to encoder: any Encoder) throws {
        switch outcome {
        case .verdict(let verdict): try verdict.encode(to: encoder)
        case .failure(let failure): try failure.encode(to: encoder)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(stamp, forKey: .stamp)
        try container.encodeIfPresent(rawPath.map { Data($0.bytes) }, forKey: .rawPath)
    }
}
