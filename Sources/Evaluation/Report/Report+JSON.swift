import Foundation
import Marks
import Models
import Verdicts

extension Report {
    /// The document's name and version.
    public static let formatName = "ringkey.report/1"

    private struct Document: Encodable {
        let format = Report.formatName
        let title: String
        let created: String
        let tool: String
        let summary: ResultsOverview
        let evaluation: Assessment?
        let keys: [KeyIdentity]
        let models: [ModelIdentity]
        let calibrations: [CalibrationIdentity]
        let audits: [AuditHeader]
        let superseded: Int
        let warnings: [String]
    }

    /// The figures as one JSON object, keys sorted.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let document = Document(
            title: settings.title, created: settings.created, tool: settings.tool, summary: summary,
            evaluation: assessment, keys: results.keys, models: results.models,
            calibrations: results.calibrations, audits: results.audits,
            superseded: results.superseded, warnings: warnings)
        return try encoder.encode(document) + Data("\n".utf8)
    }
}
