import Files
import Foundation
import InputErrors

/// One line of results, as far as a program needs it that reads many: an audit that is resumed, a report.
///
/// Values that come again in many lines (keys, model, calibration) are given as their JSON text, which is valid until the
/// next line is read.
package enum ResultLine {
    /// With what the images of the lines below were judged.
    case header(AuditHeader)
    /// An image that was judged.
    case verdict(JudgedLine)
    /// A file that could not be judged.
    case failure(FailedLine)

    /// The JSON text of a value.
    package typealias Text = UnsafeBufferPointer<UInt8>

    /// Reads a line without its line feed.
    /// - Throws: `JSONScanner.Malformed` for what is not one whole JSON object, and `InputError`, its subject the member,
    ///   for an object that is no line of results and for figures out of range.
    package init(_ line: Text) throws {
        let members = try LineMembers(line)
        switch members.format {
        case Verdict.formatName: self = .verdict(try JudgedLine(members))
        case AuditFailure.formatName: self = .failure(try FailedLine(members))
        case AuditHeader.formatName:
            self = .header(
                try JSONReader.decode(AuditHeader.self, from: Data(buffer: line), named: "header", as: .resultsLine))
        default:
            throw InputError(
                "format", expected: "\(AuditHeader.formatName), \(Verdict.formatName) or \(AuditFailure.formatName)",
                found: members.format ?? "none", as: .resultsLine)
        }
    }
}
