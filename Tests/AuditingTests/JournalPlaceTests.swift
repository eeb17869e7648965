import Auditing
import Foundation
import InputErrors
import TestSupport
import Testing
import Verdicts

/// Files of results that are deleted, moved or replaced while they are being written.
struct JournalPlaceTests {
    /// A journal with a header and a verdict.
    private func begin(_ path: String) throws -> Journal {
        let journal = try Journal(path, resume: false)
        try journal.begin(Fake.header(), index: nil)
        try journal.append(.record(Fake.record("a")))
        return journal
    }

    private func refusal(_ journal: Journal) throws -> InputError {
        let error = #expect(throws: InputError.self) { try journal.append(.record(Fake.record("b"))) }
        return try #require(error)
    }

    private func lineCount(_ path: String) throws -> Int {
        try String(contentsOfFile: path, encoding: .utf8).count { $0 == "\n" }
    }

    @Test func aDeletedFileIsWrittenAnew() throws {
        let folder = try TemporaryFolder()
        try folder.write("r.jsonl.rescued", Data("mine".utf8))
        let journal = try begin(folder.path("r.jsonl"))
        unlink(folder.path("r.jsonl"))
        let error = try refusal(journal)
        #expect(error.code == .resultsGone && error.subject == folder.path("r.jsonl"))
        #expect(error.found == "it was deleted; the results so far are in \(folder.path("r.jsonl.rescued-2"))")
        #expect(journal.path == folder.path("r.jsonl.rescued-2"))
        #expect(try lineCount(journal.path) == 3)
        #expect(try folder.content("r.jsonl.rescued") == Data("mine".utf8))
    }

    @Test func withItsFolderGoneItIsWrittenElsewhere() throws {
        let folder = try TemporaryFolder()
        let name = "\(UUID().uuidString).jsonl"
        let journal = try begin(folder.path(name))
        try FileManager.default.removeItem(at: folder.url)
        #expect(try refusal(journal).code == .resultsGone)
        defer { unlink(journal.path) }
        #expect(journal.path.hasSuffix("/\(name).rescued") && !journal.path.hasPrefix(folder.url.path))
        #expect(try lineCount(journal.path) == 3)
    }

    @Test func aMovedFileIsNamed() throws {
        let folder = try TemporaryFolder()
        let journal = try begin(folder.path("r.jsonl"))
        rename(folder.path("r.jsonl"), folder.path("moved.jsonl"))
        try folder.write("r.jsonl", Data("another".utf8))
        #expect(try refusal(journal).found == "it was moved; the results so far are in \(folder.path("moved.jsonl"))")
        #expect(journal.path == folder.path("moved.jsonl"))
        #expect(try lineCount(journal.path) == 3)
        #expect(try folder.content("r.jsonl") == Data("another".utf8))
    }

    /// At the end of an audit too, when no further line would tell.
    @Test func theLastFlushNoticesIt() throws {
        let folder = try TemporaryFolder()
        let journal = try begin(folder.path("r.jsonl"))
        unlink(folder.path("r.jsonl"))
        #expect(refusalCode { try journal.flush() } == .resultsGone)
    }

    /// A torn header is dropped; a file of something else that has no line feed is not emptied.
    @Test(arguments: ["not results", "{\"key\": 1}", "\u{0}", "{"])
    func aFileWithoutALineIsNotEmptied(_ text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("r.jsonl", Data(text.utf8))
        let journal = try Journal(folder.path("r.jsonl"), resume: true)
        if text == "{" {
            try journal.begin(Fake.header(), index: nil)
            #expect(try lineCount(folder.path("r.jsonl")) == 1)
        } else {
            #expect(refusalCode { try journal.begin(Fake.header(), index: nil) } == .notResults)
            #expect(try folder.content("r.jsonl") == Data(text.utf8))
        }
    }
}
