import Foundation
import Verification

/// Any line of a file of results.
public enum AuditLine: Sendable, Equatable {
    /// With what the images of the lines below were judged.
    case header(AuditHeader)
    /// What became of one image.
    case record(AuditRecord)

    /// Reads a line.
    /// - Throws: `DecodingError` for anything that is neither.
    public init(_ json: Data) throws {
        let decoder = JSONDecoder()
        if try decoder.decode(Format.self, from: json).format == AuditHeader.formatName {
            self = .header(try decoder.decode(AuditHeader.self, from: json))
        } else {
            self = .record(try decoder.decode(AuditRecord.self, from: json))
        }
    }

    /// The line as it is written, with its line feed; names sorted, so that equal documents are equal lines.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data =
            switch self {
            case .header(let header): try encoder.encode(header)
            case .record(let record): try encoder.encode(record)
            }
        data.append(UInt8(ascii: "\n"))
        return data
    }

    private struct Format: Decodable { let format: String }
}
