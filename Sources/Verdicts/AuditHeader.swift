import Foundation
import Marks
import Models

/// The first line of a file of results, `ringkey.audit/1`: with what the images below were judged.
public struct AuditHeader: Codable, Sendable, Equatable {
    /// The document's name and version.
    public static let formatName = "ringkey.audit/1"

    /// `formatName`.
    public var format = AuditHeader.formatName
    /// Name and version of the tool.
    public var tool: String
    /// When the audit began, ISO 8601.
    public var created: String
    /// The model that images were taken back with.
    public var model: ModelIdentity
    /// The keys that were looked for; fingerprints, never secrets.
    public var keys: [KeyIdentity]
    /// Everything that a verdict depends on besides image, model and keys, as text by name: `"fpr": "1e-06"`.
    public var settings: [String: String]
    /// `I/N` where the audit is one part of several.
    public var shard: String?
    /// The command that began the audit, the program's name first; nil where no command line did.
    public var command: [String]?
    /// The folder that the command was given in, which its relative paths start from.
    public var folder: String?

    /// A header for an audit that begins.
    public init(
        tool: String, created: String, model: ModelIdentity, keys: [KeyIdentity],
        settings: [String: String], shard: String?, command: [String]? = nil, folder: String? = nil
    ) {
        self.tool = tool
        self.created = created
        self.model = model
        self.keys = keys
        self.settings = settings
        self.shard = shard
        self.command = command
        self.folder = folder
    }
}

extension AuditHeader {
    /// How a line that is a header may begin: members are sorted by name.
    package static let beginnings = [#"{"command":"#, #"{"created":"#]

    /// One thing in which two audits differ.
    public struct Difference: Sendable, Equatable {
        /// `model`, `keys`, or the name of a setting.
        public var name: String
        /// In these results.
        public var here: String
        /// In the others.
        public var there: String

        /// A difference.
        public init(name: String, here: String, there: String) {
            self.name = name
            self.here = here
            self.there = there
        }
    }

    /// What makes verdicts under this header and under another one different things: model, keys, settings.
    public func differences(from other: AuditHeader) -> [Difference] {
        var differences: [Difference] = []
        func compare(_ name: String, _ here: String?, _ there: String?) {
            if here != there {
                differences.append(Difference(name: name, here: here ?? "nothing", there: there ?? "nothing"))
            }
        }
        compare("model", model.digest, other.model.digest)
        func fingerprints(_ keys: [KeyIdentity]) -> String {
            Set(keys.map(\.id)).sorted().joined(separator: ", ")
        }
        compare("keys", fingerprints(keys), fingerprints(other.keys))
        for name in Set(settings.keys).union(other.settings.keys).sorted() {
            compare(name, settings[name], other.settings[name])
        }
        return differences
    }
}
