import Foundation
import Tensors
import Verification

/// What a resumed audit needs of a line; the rest of a verdict is not looked at, which is most of the work.
enum JournalEntry {
    case header(AuditHeader)
    case file(RawPath, AuditIndex.Entry)

    private struct Members: Decodable {
        let format: String
        let path: String?
        let rawPath: Data?
        let stamp: FileStamp?
        let sha256: String?
        let verdict: Verdict.Decision?
        let code: AuditFailure.Code?

        enum CodingKeys: String, CodingKey {
            case format, path, stamp, sha256, verdict, code
            case rawPath = "path_base64"
        }
    }

    /// Reads a line of the file `name`.
    /// - Throws: `InputError` naming the file and the line.
    init(_ line: ResultLines.Line, of name: String) throws {
        func refuse(_ found: String) -> InputError {
            InputError(
                "\(name): line \(line.number)", expected: "a header, a verdict or an error of an audit", found: found)
        }
        do {
            let decoder = JSONDecoder()
            let members = try decoder.decode(Members.self, from: line.bytes)
            if members.format == AuditHeader.formatName {
                self = .header(try decoder.decode(AuditHeader.self, from: line.bytes))
                return
            }
            let path = members.rawPath.map { RawPath(bytes: [UInt8]($0)) } ?? members.path.map { RawPath($0) }
            guard let path else { throw refuse("no path") }
            let end: AuditTally.End
            switch (members.format, members.verdict, members.code) {
            case (Verdict.formatName, let decision?, _): end = .judged(decision)
            case (AuditFailure.formatName, _, let code?): end = .failed(code)
            default: throw refuse(members.format)
            }
            self = .file(path, AuditIndex.Entry(end: end, stamp: members.stamp, sha256: members.sha256))
        } catch is DecodingError {
            throw refuse("other text")
        }
    }
}
