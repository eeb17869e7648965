import Files
import Foundation
import Verdicts

/// Whole lines of results. The tool itself reads the few members that it needs.
extension AuditLine {
    /// Reads a line.
    /// - Throws: `DecodingError` for anything that is no line of results.
    package init(_ json: Data) throws {
        let decoder = JSONDecoder()
        let more = try decoder.decode(More.self, from: json)
        func record(_ outcome: AuditRecord.Outcome) -> AuditLine {
            let rawPath = more.rawPath.map { RawPath(bytes: [UInt8]($0)) }
            return .record(AuditRecord(outcome, stamp: more.stamp, rawPath: rawPath))
        }
        switch more.format {
        case AuditHeader.formatName: self = .header(try decoder.decode(AuditHeader.self, from: json))
        case Verdict.formatName: self = record(.verdict(try decoder.decode(Verdict.self, from: json)))
        case AuditFailure.formatName: self = record(.failure(try decoder.decode(AuditFailure.self, from: json)))
        default:
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "no line of results: \(more.format)"))
        }
    }

    private struct More: Decodable {
        let format: String
        let stamp: FileStamp?
        let rawPath: Data?

        enum CodingKeys: String, CodingKey {
            case format, stamp
            case rawPath = "path_base64"
        }
    }
}
