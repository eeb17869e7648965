import Auditing
import Foundation
import InputErrors
import Marks
import Synchronization
import TestSupport
import Testing
import Verdicts

/// The file of results: torn lines, locks, headers, and what is done again.
@Suite struct JournalTests {
    private func write(_ path: String, _ records: [AuditRecord], header: AuditHeader = Fake.header()) throws {
        let journal = try Journal(path, resume: true)
        try journal.begin(header, index: nil)
        for record in records { try journal.append(.record(record)) }
        try journal.flush()
    }

    private func resume(_ path: String, header: AuditHeader = Fake.header()) throws -> AuditIndex {
        let index = AuditIndex(keepsDigests: false)
        try Journal(path, resume: true).begin(header, index: index)
        return index
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// Cut anywhere, a file is good up to the last line feed.
    @Test func aTornLineIsDroppedWhereverItIsTorn() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("r.jsonl")
        try write(path, [Fake.record("a"), Fake.record("b")])
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let feeds = whole.indices.filter { whole[$0] == 0x0A }
        for cut in Set(stride(from: 0, through: whole.count, by: 37)).union(feeds).union(feeds.map { $0 + 1 }) {
            try whole.prefix(cut).write(to: URL(fileURLWithPath: path))
            let index = try resume(path)
            let complete = feeds.count { $0 < cut }
            #expect(index.count == max(0, complete - 1), "cut at \(cut)")
            #expect(try lines(path).count == max(1, complete), "cut at \(cut)")
        }
    }

    @Test func anExistingFileIsNotTouched() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("r.jsonl", Data("precious".utf8))
        #expect(refusalCode { try Journal(path, resume: false) } == .resumable)
        #expect(try lines(path) == ["precious"])
        // Text that is no results is refused before anything is written: a torn line has no line feed, this has one.
        try folder.write("r.jsonl", Data("precious\nnotes\n".utf8))
        #expect(refusalCode { try resume(path) } == .notResults)
        #expect(try lines(path) == ["precious", "notes"])
        #expect(refusalCode { try Journal(folder.url.path, resume: true) } == .notWritable)
        #expect(refusalCode { try Journal(folder.path("no/r.jsonl"), resume: false) } == .notWritable)
    }

    /// A refused file is closed once: closed again, its number may be that of a file which another thread has opened in
    /// between. Here one thread opens and closes a file all the while, and nobody else must have closed it.
    @Test func aRefusedFileIsClosedOnce() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("r.jsonl", Data("precious\n".utf8))
        let isDone = Mutex(false)
        let lost = Mutex(0)
        let neighbour = DispatchGroup()
        neighbour.enter()
        Thread.detachNewThread {
            while !isDone.withLock({ $0 }) {
                let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
                if close(descriptor) != 0 { lost.withLock { $0 += 1 } }
            }
            neighbour.leave()
        }
        for _ in 0..<20_000 {
            let code = refusalCode { try Journal(path, resume: false) }
            // Between fork and exec another test's child has the lock, too.
            if code != .resumable, code != .inUse { Issue.record("refused as \(String(describing: code))") }
        }
        isDone.withLock { $0 = true }
        neighbour.wait()
        #expect(lost.withLock { $0 } == 0)
    }

    @Test func twoWritersAreRefused() throws {
        let folder = try TemporaryFolder()
        let first = try Journal(folder.path("r.jsonl"), resume: true)
        #expect(first.isLocked)
        let error = #expect(throws: InputError.self) { try Journal(folder.path("r.jsonl"), resume: true) }
        #expect(error?.code == .inUse && error?.found == "another audit writing them")
        withExtendedLifetime(first) {}
    }

    @Test func anotherModelKeyOrSettingIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("r.jsonl")
        try write(path, [Fake.record("a")])
        let before = try lines(path)
        let other = KeyIdentity(id: "ffff", name: "other", pattern: "ring")
        for (header, name) in [
            (Fake.header(settings: ["fpr": "0.5"]), "fpr"), (Fake.header(settings: [:]), "fpr"),
            (Fake.header(settings: ["fpr": "1e-06", "new": "1"]), "new"), (Fake.header(digest: "abc"), "model"),
            (Fake.header(keys: [other]), "keys"), (Fake.header(keys: [Fake.key, other]), "keys"),
            (Fake.header(shard: "1/2"), "shard"),
        ] {
            let mismatch = #expect(throws: JournalMismatch.self) { try resume(path, header: header) }
            #expect(mismatch?.differences.map(\.name) == [name])
            #expect(mismatch?.header.command == ["ringkey", "audit"])
        }
        #expect(try lines(path) == before)
        // The order of keys, the time and the model's place change no verdict.
        var moved = Fake.header()
        moved.model.path = "/elsewhere"
        moved.created = "2027-01-01T00:00:00Z"
        #expect(try resume(path, header: moved).count == 1)
        #expect(try lines(path) == before)
    }

    /// cat part-*.jsonl: headers may stand between results; the last result of a file holds.
    @Test func partsConcatenate() throws {
        let folder = try TemporaryFolder()
        for part in 1...2 {
            try write(
                folder.path("part-\(part)"), [Fake.record("a\(part)"), Fake.record("both", decision: .undecided)],
                header: Fake.header(shard: "\(part)/2"))
        }
        try write(folder.path("more"), [Fake.record("both", decision: .watermarked)])
        let parts = try ["part-1", "part-2", "more"].map { try Data(contentsOf: folder.url.appendingPathComponent($0)) }
        let path = try folder.write("all", Data(parts.joined()))
        let index = try resume(path)
        #expect(index.count == 3)
        #expect(index.tally[.judged(.watermarked)] == 1 && index.tally[.judged(.undecided)] == 0)
        // A run of one part does not go on with all of them, and one of all with one part begins a header of its own.
        #expect(throws: JournalMismatch.self) { try resume(path, header: Fake.header(shard: "1/2")) }
        #expect(try resume(folder.path("part-1"), header: Fake.header(shard: "1/2")).count == 2)
        #expect(try lines(folder.path("part-1")).count == 3)
        #expect(try resume(folder.path("part-1")).count == 2)
        #expect(try lines(folder.path("part-1")).count == 4)
        // Parts of different audits do not.
        let alien = try folder.write("alien", Data(contentsOf: URL(fileURLWithPath: path)))
        let handle = try #require(FileHandle(forWritingAtPath: alien))
        try handle.seekToEnd()
        try handle.write(contentsOf: AuditLine.header(Fake.header(settings: ["fpr": "0.1"])).json())
        try handle.close()
        #expect(throws: JournalMismatch.self) { try resume(alien) }
    }

    /// A resumed run judges what is new, what changed, and what may pass now; nothing else.
    @Test func whatIsJudgedAgain() throws {
        let folder = try TemporaryFolder()
        let images = try FileManager.default.url(
            for: .itemReplacementDirectory, in: .userDomainMask, appropriateFor: folder.url, create: true)
        defer { try? FileManager.default.removeItem(at: images) }
        func put(_ name: String, _ data: Data) throws { try data.write(to: images.appendingPathComponent(name)) }
        for name in ["a.png", "b.png", "c.png"] { try put(name, Fake.png(1)) }
        try put("torn.png", Fake.png(1).dropLast(30))
        let names = ["a.png", "b.png", "c.png", "torn.png", "gone.png"].map { images.appendingPathComponent($0).path }
        let list = AuditSource.text("@" + (try folder.write("list", Data(names.joined(separator: "\n").utf8))))

        func run(comparesHashes: Bool = false) throws -> [String] {
            let index = AuditIndex(keepsDigests: comparesHashes)
            let journal = try Journal(folder.path("r"), resume: true)
            try journal.begin(Fake.header(), index: index)
            var settings = Audit.Settings(batch: 2, imageSize: (2, 2), plan: Fake.plan, limitMegapixels: 1)
            settings.comparesHashes = comparesHashes
            var written: [String] = []
            let audit = Audit(settings, index: index) { $0.map { Fake.verdict($0.name, sha256: $0.sha256) } }
            _ = try audit.run([list]) { event in
                if case .record(let record) = event {
                    try journal.append(.record(record))
                    index.add(record)
                    written.append((record.path as NSString).lastPathComponent + " " + record.outcomeName)
                }
            }
            return written
        }
        let everything = ["a.png ok", "b.png ok", "c.png ok", "torn.png damaged", "gone.png missing"]
        #expect(try run() == everything)
        #expect(try run() == [])
        // Another content of the same length is seen by its time.
        try put("b.png", Fake.png(2))
        try put("gone.png", Fake.png(3))
        #expect(try run() == ["b.png ok", "gone.png ok"])
        // Touched: by stamp it is another file, by SHA-256 it is not.
        let later = Date().addingTimeInterval(100)
        try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: names[0])
        #expect(try run(comparesHashes: true) == [])
        #expect(try run() == ["a.png ok"])
        // A changed content behind an unchanged stamp is seen by SHA-256 alone.
        let recorded = try #require(try lastStamp(of: names[2], in: folder.path("r")))
        try put("c.png", Fake.png(9))
        let time = timespec(tv_sec: recorded.modified / 1_000_000_000, tv_nsec: recorded.modified % 1_000_000_000)
        utimensat(AT_FDCWD, names[2], [time, time], 0)
        #expect(try run() == [])
        #expect(try run(comparesHashes: true) == ["c.png ok"])
    }

    private func lastStamp(of path: String, in results: String) throws -> FileStamp? {
        try lines(results).compactMap { line -> FileStamp? in
            guard case .record(let record) = try AuditLine(Data(line.utf8)), record.path == path else { return nil }
            return record.stamp
        }.last
    }

    /// A path that sources name twice is judged once.
    @Test func nothingTwice() throws {
        let folder = try TemporaryFolder()
        let image = try folder.write("a.png", Fake.png())
        let list = try folder.write("list", Data((image + "\n" + image + "\n").utf8))
        let sources: [AuditSource] = [.text(folder.url.path), .text(image), .text("@" + list)]
        let index = AuditIndex(keepsDigests: false)
        #expect(try Fake.records(Fake.audit(index: index), sources).map(\.path) == [image])
    }
}
