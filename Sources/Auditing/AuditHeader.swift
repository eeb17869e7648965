import Foundation
import Verification

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
    public var model: Verdict.ModelIdentity
    /// The keys that were looked for; fingerprints, never secrets.
    public var keys: [Verdict.KeyIdentity]
    /// Everything that a verdict depends on besides image, model and keys, as text by flag name: `"fpr": "1e-06"`.
    public var settings: [String: String]
    /// `I/N` where the audit is one part of several.
    public var shard: String?

    /// A header for an audit that begins.
    public init(
        tool: String, created: String, model: Verdict.ModelIdentity, keys: [Verdict.KeyIdentity],
        settings: [String: String], shard: String?
    ) {
        self.tool = tool
        self.created = created
        self.model = model
        self.keys = keys
        self.settings = settings
        self.shard = shard
    }
}
