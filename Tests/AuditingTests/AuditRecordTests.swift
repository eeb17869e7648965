import Foundation
import Testing
import Verdicts

@Suite("Lines of results")
struct AuditRecordTests {
    @Test func aFailureKeepsItsStampBesideItsMembers() throws {
        let record = AuditRecord(
            .failure(.init(path: "a.png", code: .empty, expected: "an image", found: "0 bytes")),
            stamp: FileStamp(size: 0, modified: 1_700_000_000_123_456_789))
        let data = try JSONEncoder().encode(record)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["format"] as? String == "ringkey.error/1")
        #expect(object["code"] as? String == "empty")
        #expect(try AuditLine(data) == .record(record))
    }

}
