import Foundation
import Verification

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

    /// A line for a file.
    public init(_ outcome: Outcome, stamp: FileStamp?) {
        self.outcome = outcome
        self.stamp = stamp
    }

    /// The file as it was named.
    public var path: String {
        switch outcome {
        case .verdict(let verdict): verdict.path
        case .failure(let failure): failure.path
        }
    }
}

/// What tells a changed file from an unchanged one without reading it.
public struct FileStamp: Codable, Sendable, Equatable {
    /// Length in bytes.
    public var size: Int
    /// Time of the last change in nanoseconds since 1970.
    public var modified: Int

    /// A file's length and time of change.
    public init(size: Int, modified: Int) {
        self.size = size
        self.modified = modified
    }
}

/// The document of a verdict or a failure, with `"stamp": {"size": …, "modified": …}` as one more member.
extension AuditRecord: Codable {
    private enum CodingKeys: String, CodingKey {
        case format, stamp
    }

    /// Reads either document by its `format`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        stamp = try container.decodeIfPresent(FileStamp.self, forKey: .stamp)
        let format = try container.decode(String.self, forKey: .format)
        switch format {
        case Verdict.formatName: outcome = .verdict(try Verdict(from: decoder))
        case AuditFailure.formatName: outcome = .failure(try AuditFailure(from: decoder))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .format, in: container, debugDescription: "neither a verdict nor an error: \(format)")
        }
    }

    /// Writes the document with the stamp beside its members.
    public func encode(to encoder: any Encoder) throws {
        switch outcome {
        case .verdict(let verdict): try verdict.encode(to: encoder)
        case .failure(let failure): try failure.encode(to: encoder)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(stamp, forKey: .stamp)
    }
}
