import Foundation
import InputErrors
import Synchronization
import TestSupport
import Testing

/// Order, batches, bad batches, stops.
@Suite struct PipelineTests {
    private func images(_ folder: TemporaryFolder, _ count: Int) throws -> [String] {
        try (0..<count).map { try folder.write(String(format: "%03d.png", $0), Fake.png(UInt8($0 & 255))) }
    }

    @Test func linesComeInOrderAndBatchesAreFull() throws {
        let folder = try TemporaryFolder()
        let paths = try images(folder, 41)
        let sizes = Mutex<[Int]>([])
        let audit = Fake.audit(batch: 4) { subjects in
            sizes.withLock { $0.append(subjects.count) }
            // Later batches are faster.
            usleep(subjects[0].name.hasSuffix("000.png") ? 50000 : 500)
            return subjects.map { Fake.verdict($0.name) }
        }
        #expect(try Fake.records(audit, [.text(folder.url.path)]).map(\.path) == paths)
        #expect(sizes.withLock { $0 }.sorted() == [1] + [Int](repeating: 4, count: 10))
        // The judge slept for that long at least, however fast the machine is.
        #expect(audit.judgingSeconds > 0.04)
    }

    /// However little memory there may be: then one image at a time.
    @Test func withoutMemoryOneImageAtATime() throws {
        let folder = try TemporaryFolder()
        let paths = try images(folder, 9)
        let sizes = Mutex<[Int]>([])
        let audit = Fake.audit(batch: 4, memory: 1) { subjects in
            sizes.withLock { $0.append(subjects.count) }
            return subjects.map { Fake.verdict($0.name) }
        }
        #expect(try Fake.records(audit, [.text(folder.url.path)]).map(\.path) == paths)
        #expect(sizes.withLock { $0 } == [Int](repeating: 1, count: 9))
    }

    @Test func oneBadImageCostsNobodyElseAVerdict() throws {
        let folder = try TemporaryFolder()
        _ = try images(folder, 12)
        let audit = Fake.audit(batch: 4) { subjects in
            if subjects.contains(where: { $0.name.hasSuffix("005.png") }) {
                throw InputError("unet: output", expected: "finite numbers", found: "NaN", as: .notFinite)
            }
            return subjects.map { Fake.verdict($0.name) }
        }
        let records = try Fake.records(audit, [.text(folder.url.path)])
        #expect(records.map(\.outcomeName) == (0..<12).map { $0 == 5 ? "not_measurable" : "ok" })
        guard case .failure(let failure) = records[5].outcome else {
            Issue.record("a verdict of \(records[5].path)")
            return
        }
        #expect(failure.expected == "finite numbers" && failure.found == "unet: output: NaN")
    }

    /// A model that fails on every image ends the audit: it is not their fault.
    @Test func aModelThatNeverWorks() throws {
        let folder = try TemporaryFolder()
        _ = try images(folder, 100)
        var count = 0
        let audit = Fake.audit { _ in throw InputError("unet", expected: "memory", found: "none", as: .noMemory) }
        #expect(throws: InputError("unet", expected: "memory", found: "none", as: .noMemory)) {
            _ = try audit.run([.text(folder.url.path)]) { _ in count += 1 }
        }
        #expect(count < 60)
    }

    @Test func aStopEndsAfterTheRunningBatches() throws {
        let folder = try TemporaryFolder()
        let paths = try images(folder, 60)
        let audit = Fake.audit(batch: 2) { subjects in
            usleep(2000)
            return subjects.map { Fake.verdict($0.name) }
        }
        var seen: [String] = []
        let isComplete = try audit.run([.text(folder.url.path)]) { event in
            if case .record(let record) = event { seen.append(record.path) }
            if seen.count == 10 { audit.stop() }
        }
        #expect(!isComplete)
        #expect((10...20).contains(seen.count) && Set(seen).count == seen.count && Set(seen).isSubset(of: paths))
    }

    @Test func anErrorOfTheWriterEndsTheAudit() throws {
        let folder = try TemporaryFolder()
        _ = try images(folder, 30)
        var calls = 0
        #expect(throws: InputError("disk", expected: "room", found: "none", as: .notWritable)) {
            _ = try Fake.audit().run([.text(folder.url.path)]) { _ in
                calls += 1
                if calls == 3 { throw InputError("disk", expected: "room", found: "none", as: .notWritable) }
            }
        }
        #expect(calls == 3)
    }

    /// A pipe that has nothing more for now does not make a lone image wait for a full batch.
    @Test func aSlowPipeGetsItsAnswerAtOnce() throws {
        let folder = try TemporaryFolder()
        let paths = try images(folder, 3)
        mkfifo(folder.path("list"), 0o600)
        let answered = DispatchSemaphore(value: 0)
        let writer = Thread { [path = folder.path("list")] in
            let descriptor = open(path, O_WRONLY)
            for image in paths {
                let line = Array((image + "\n").utf8)
                _ = write(descriptor, line, line.count)
                // The next path comes only after the answer to this one.
                if answered.wait(timeout: .now() + 10) == .timedOut { break }
            }
            close(descriptor)
        }
        writer.start()
        var seen: [String] = []
        _ = try Fake.audit(batch: 16).run([.text("@" + folder.path("list"))]) { event in
            if case .record(let record) = event { seen.append(record.path) }
            answered.signal()
        }
        #expect(seen == paths)
    }

    /// 4,096 results may wait for a slower one before them, and no more files are opened than are on their way.
    @Test func filesThatNeedNoWorkDoNotPileUp() throws {
        let folder = try TemporaryFolder()
        let image = try folder.write("a.png", Fake.png())
        let list = try folder.write(
            "list", Data((image + "\n" + String(repeating: folder.path("none") + "\n", count: 10000)).utf8))
        let audit = Fake.audit { subjects in
            usleep(300_000)
            return subjects.map { Fake.verdict($0.name) }
        }
        let records = try Fake.records(audit, [.text("@" + list)])
        #expect(records.count == 10001 && records[0].outcomeName == "ok")
        #expect(records.dropFirst().allSatisfy { $0.outcomeName == "missing" })
    }
}
