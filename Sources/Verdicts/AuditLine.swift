import Foundation

/// Any line of a file of results, to be written. `ResultReader` reads them.
public enum AuditLine: Sendable, Equatable {
    /// With what the images of the lines below were judged.
    case header(AuditHeader)
    /// What became of one image.
    case record(AuditRecord)

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
}
