import Auditing
import Files
import Foundation
import InputErrors
import TestSupport
import Testing
import Verdicts

/// Results that something else wrote into.
struct JournalRepairTests {
    /// A header and verdicts on `a` and `b`, as lines.
    private func lines() throws -> [String] {
        let folder = try TemporaryFolder()
        let journal = try Journal(folder.path("r.jsonl"), resume: false)
        try journal.begin(Fake.header(), index: nil)
        for name in ["a", "b"] { try journal.append(.record(Fake.record(name))) }
        return String(decoding: try folder.content("r.jsonl"), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func damagedLinesAreMovedAndWholeOnesKept() throws {
        let lines = try lines()
        let folder = try TemporaryFolder()
        let path = folder.path("r.jsonl")
        let torn = lines[2].prefix(50)
        let damaged = ["ringkey: a message", "", "\r\u{1B}[2Kaudit 1/2 {\(lines[1])", "{\"a\": 1}", "\(torn)\(torn)"]
        let text = ([lines[0], damaged[0], damaged[1], damaged[2], damaged[3], lines[2], damaged[4]])
        try folder.write("r.jsonl", Data((text.joined(separator: "\n") + "\n" + torn).utf8))
        let repair = try #require(try JournalRepair(path))
        #expect(repair.damaged == [2, 3, 4, 5, 7] && repair.kept == 3 && repair.remains == path + ".damaged")
        let whole = lines.joined(separator: "\n") + "\n"
        #expect(String(decoding: try folder.content("r.jsonl"), as: UTF8.self) == whole + torn)
        let remains = String(decoding: try folder.content("r.jsonl.damaged"), as: UTF8.self)
        #expect(remains == "ringkey: a message\n\n\r\u{1B}[2Kaudit 1/2 {\n{\"a\": 1}\n\(torn)\(torn)\n")
        // Whole now: nothing more to do, and it can be resumed.
        #expect(try JournalRepair(path) == nil)
        let index = AuditIndex(keepsDigests: false)
        try Journal(path, resume: true).begin(Fake.header(), index: index)
        #expect(index.count == 2)
    }

    /// The mark is not among the bytes that a reader of lines gives.
    @Test func aByteOrderMarkIsCutWithWhatFollowsIt() throws {
        let lines = try lines()
        let folder = try TemporaryFolder()
        let whole = lines.joined(separator: "\n") + "\n"
        try folder.write("r.jsonl", Data(("\u{FEFF}junk" + whole).utf8))
        #expect(try JournalRepair(folder.path("r.jsonl"))?.damaged == [1])
        #expect(try folder.content("r.jsonl") == Data(whole.utf8))
        #expect(try folder.content("r.jsonl.damaged") == Data("\u{FEFF}junk\n".utf8))
    }

    @Test func anotherRepairKeepsWhatTheFirstTookOut() throws {
        let lines = try lines()
        let folder = try TemporaryFolder()
        for message in ["one", "two"] {
            try folder.write("r.jsonl", Data((lines + [message, ""]).joined(separator: "\n").utf8))
            #expect(try JournalRepair(folder.path("r.jsonl")) != nil)
        }
        #expect(String(decoding: try folder.content("r.jsonl.damaged"), as: UTF8.self) == "one\ntwo\n")
    }

    @Test func aLinkStaysALink() throws {
        let lines = try lines()
        let folder = try TemporaryFolder()
        try folder.write("r.jsonl", Data((lines + ["x", ""]).joined(separator: "\n").utf8))
        #expect(symlink("r.jsonl", folder.path("link")) == 0)
        #expect(try JournalRepair(folder.path("link"))?.damaged == [4])
        #expect(try folder.names == ["link", "r.jsonl", "r.jsonl.damaged"])
        #expect(try folder.content("r.jsonl") == Data((lines.joined(separator: "\n") + "\n").utf8))
    }

    /// A file without a header is no results that anything can be said of.
    @Test func otherFilesAreLeftAlone() throws {
        let folder = try TemporaryFolder()
        let lines = try lines()
        for text in ["precious\nnotes\n", "\(lines[1])\nx\n", "{\n\"key\": 1\n}\n"] {
            try folder.write("r.jsonl", Data(text.utf8))
            #expect(refusalCode { try JournalRepair(folder.path("r.jsonl")) } == .notResults)
            #expect(try folder.names == ["r.jsonl"] && folder.content("r.jsonl") == Data(text.utf8))
        }
        #expect(try JournalRepair(folder.path("no.jsonl")) == nil)
        try folder.write("r.jsonl", Data((lines + ["x", ""]).joined(separator: "\n").utf8))
        let journal = try Journal(folder.path("r.jsonl"), resume: true)
        #expect(refusalCode { try JournalRepair(folder.path("r.jsonl")) } == .inUse)
        withExtendedLifetime(journal) {}
    }
}
