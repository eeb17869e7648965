import Auditing
import Files
import Foundation
import InputErrors
import TestSupport
import Testing
import Verdicts

/// Folders, lists and the names in them.
@Suite struct AuditSourceTests {
    private func tree(_ folder: TemporaryFolder, _ names: [String]) throws {
        for name in names {
            let url = folder.url.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Fake.png().write(to: url)
        }
    }

    private func paths(_ folder: TemporaryFolder, _ sources: [AuditSource], shard: Shard? = nil) throws -> [String] {
        try Fake.records(Fake.audit(), sources, shard: shard).map {
            String($0.path.dropFirst(folder.url.path.count + 1))
        }
    }

    /// As `find | LC_ALL=C sort`: a slash sorts before letters, and after a dot.
    @Test func foldersAreWalkedInTheOrderOfPaths() throws {
        let folder = try TemporaryFolder()
        let names = ["a.png", "a/b.png", "a/z/y.png", "a0.png", "B.png", "b.png", "é.png", "a/b/c.png"]
        try tree(folder, names)
        #expect(
            try paths(folder, [.text(folder.url.path)])
                == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(try paths(folder, [.text(folder.url.path + "///")]).count == names.count)
    }

    @Test func loopsOfLinksEndAndNoFolderIsVisitedTwice() throws {
        let folder = try TemporaryFolder()
        try tree(folder, ["a/1.png", "a/b/2.png"])
        symlink("..", folder.path("a/up"))
        symlink(folder.url.path, folder.path("a/b/root"))
        symlink("itself", folder.path("a/itself"))
        symlink("a", folder.path("other"))
        symlink("1.png", folder.path("a/same.png"))
        #expect(try paths(folder, [.text(folder.url.path)]) == ["a/1.png", "a/b/2.png", "a/itself", "a/same.png"])
        let records = try Fake.records(Fake.audit(), [.text(folder.url.path)])
        #expect(records.map(\.outcomeName) == ["ok", "ok", "missing", "ok"])
    }

    @Test func listsHaveAFileALine() throws {
        let folder = try TemporaryFolder()
        try tree(folder, ["1.png", "2 b.png", "3.png"])
        let names = ["1.png", "2 b.png", "3.png"].map { folder.path($0) }
        let list = try folder.write("l.txt", Data((names[0] + "\r\n\n" + names[1] + "\n" + names[2]).utf8))
        #expect(try paths(folder, [.text("@" + list)]) == ["1.png", "2 b.png", "3.png"])
        let nul = try folder.write("l0", Data(names.joined(separator: "\0").utf8))
        #expect(try Fake.records(Fake.audit(), [.text("@" + nul)], separator: 0).map(\.path) == names)
        let marked = "\u{FEFF}" + names.joined(separator: "\r\n") + "\r\n"
        let windows = try folder.write("w.txt", Data(marked.utf8))
        #expect(try paths(folder, [.text("@" + windows)]) == ["1.png", "2 b.png", "3.png"])
        let wide = try folder.write("u.txt", #require(marked.data(using: .utf16LittleEndian)))
        let refusal = #expect(throws: InputError.self) { try paths(folder, [.text("@" + wide)]) }
        #expect(refusal?.code == .textEncoding && refusal?.subject == wide && refusal?.found == "UTF-16 text")
        let error = #expect(throws: InputError.self) { try paths(folder, [.text("@" + folder.path("none"))]) }
        #expect(error?.code == .missing && error?.expected == "a list of files")
    }

    @Test func namedFilesAreImagesAndFoundOnesByNameOrContent() throws {
        let folder = try TemporaryFolder()
        try tree(folder, ["blob", "photo.png"])
        for name in ["text.txt", "none", "text.PNG", "empty.log"] {
            try folder.write(name, Data((name == "empty.log" ? "" : "hello").utf8))
        }
        mkfifo(folder.path("pipe"), 0o600)
        mkfifo(folder.path("pipe.png"), 0o600)
        var skipped = 0
        var ends: [String: String] = [:]
        let isComplete = try Fake.audit().run([.text(folder.url.path)]) { event in
            switch event {
            case .record(let record): ends[(record.path as NSString).lastPathComponent] = record.outcomeName
            case .skipped: skipped += 1
            case .already: Issue.record("nothing was judged before")
            }
        }
        #expect(isComplete)
        #expect(ends == ["blob": "ok", "photo.png": "ok", "text.PNG": "not_an_image", "pipe.png": "not_a_file"])
        #expect(skipped == 4)
        let named = try Fake.records(Fake.audit(), [.text(folder.path("text.txt")), .text(folder.path("pipe"))])
        #expect(named.map(\.outcomeName) == ["not_an_image", "not_a_file"])
    }

    /// A name that is no text is opened by its bytes, and comes back in full from its line.
    @Test func namesOfAnyBytes() throws {
        let folder = try TemporaryFolder()
        let names: [[UInt8]] = [[0x61, 0xFF, 0x2E, 0x70, 0x6E, 0x67], [0x61, 0xFE, 0x2E, 0x70, 0x6E, 0x67]]
        for name in names {
            let path = RawPath(bytes: Array((folder.url.path + "/").utf8) + name)
            let descriptor = path.withCString { open($0, O_WRONLY | O_CREAT, 0o600) }
            try #require(descriptor >= 0)
            let content = try Fake.png()
            #expect(content.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == content.count)
            close(descriptor)
        }
        let records = try Fake.records(Fake.audit(), [.text(folder.url.path)])
        #expect(records.map(\.outcomeName) == ["ok", "ok"])
        #expect(records[0].path == records[1].path && records[0].path.hasSuffix("/a\u{FFFD}.png"))
        let read = try records.map { try AuditLine(AuditLine.record($0).json()) }
        let found = read.compactMap { line in
            if case .record(let record) = line { Array(record.name.bytes.suffix(6)) } else { nil }
        }
        #expect(found == names.reversed())
    }

    /// Two names that Strings call equal are two files.
    @Test func composedAndDecomposedAccentsAreTwoFiles() throws {
        let folder = try TemporaryFolder()
        let list = try folder.write("l", Data("\(folder.path("e\u{301}.png"))\n\(folder.path("\u{E9}.png"))\n".utf8))
        let index = AuditIndex(keepsDigests: false)
        #expect(try Fake.records(Fake.audit(index: index), [.text("@" + list)]).count == 2)
    }

    /// Parts are disjoint and complete, and the same wherever the folder is mounted.
    @Test func shards() throws {
        let folder = try TemporaryFolder()
        let names = (0..<40).map { "x/\($0).png" }
        try tree(folder, names.flatMap { ["m1/" + $0, "m2/" + $0] })
        var seen: [String] = []
        for part in 1...3 {
            let shard = Shard(index: part, count: 3)
            let of = try ["m1", "m2"].map { mount in
                try paths(folder, [.text(folder.path(mount))], shard: shard).map { String($0.dropFirst(3)) }
            }
            #expect(of[0] == of[1])
            #expect((5...25).contains(of[0].count))
            seen += of[0]
        }
        #expect(seen.sorted() == names.sorted())
        #expect(Shard("2/3") == Shard(index: 2, count: 3))
        for text in ["0/3", "4/3", "1", "1/0", "-1/3", "a/b", "1/2/3", ""] { #expect(Shard(text) == nil) }
    }

    /// Of docs/audit-format.md: `int.from_bytes(hashlib.sha256(name).digest()[:8], "big") % 5 + 1`, by Python.
    @Test(arguments: [("x/7.png", 2), ("photo.png", 4), ("", 3)])
    func theHashOfShardsIsTheDocumentedOne(_ name: String, _ part: Int) {
        #expect((1...5).filter { Shard(index: $0, count: 5).contains(Array(name.utf8)) } == [part])
    }
}
