import Files
import Foundation
import InputErrors
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    private let mine = Data("mine".utf8)
    private let theirs = Data("theirs".utf8)

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    private func existing(_ path: String) -> InputError {
        InputError(path, expected: "a new file", found: "an existing one", as: .exists)
    }

    @Test func writesANewFile() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(mine, to: folder.path("x"), overwrite: false)
        #expect(try folder.content("x") == mine)
        #expect(try folder.names == ["x"])
        #expect(mode(folder.path("x")) & ~0o644 == 0)
    }

    @Test func replacesOnlyWhenAsked() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x")
        try AtomicFile.write(theirs, to: path, overwrite: false)
        #expect(throws: existing(path)) { try AtomicFile.write(mine, to: path, overwrite: false) }
        #expect(throws: existing(path)) { try AtomicFile.requireWritable(path, overwrite: false) }
        #expect(existing(path).description == "\(path): expected a new file, found an existing one")
        #expect(try folder.content("x") == theirs)
        try AtomicFile.write(mine, to: path, overwrite: true)
        #expect(try folder.content("x") == mine)
        #expect(try folder.names == ["x"])
    }

    /// The target appears while the content is being written.
    @Test func keepsAFileMadeMeanwhile() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x")
        #expect(throws: existing(path)) {
            try AtomicFile.write(to: path, overwrite: false) { file in
                try file.append(mine)
                try theirs.write(to: URL(fileURLWithPath: path))
            }
        }
        #expect(try folder.content("x") == theirs)
        #expect(try folder.names == ["x"])
    }

    @Test func oneOfManyWritersWins() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x")
        let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
            for writer in 0..<16 as Range<UInt8> {
                group.addTask {
                    let content = Data(repeating: writer, count: 100_000)
                    do { try AtomicFile.write(content, to: path, overwrite: false) } catch is InputError { return nil }
                    return writer
                }
            }
            return try await group.reduce(into: [UInt8]()) { winners, writer in winners += [writer].compactMap { $0 } }
        }
        let winner = try #require(winners.count == 1 ? winners.first : nil)
        #expect(try folder.content("x") == Data(repeating: winner, count: 100_000))
        #expect(try folder.names == ["x"])
    }

    /// A secret is never readable by others, from the first moment on, even where it replaces a public file.
    @Test(arguments: [false, true]) func keepsTheModeThroughout(overwrite: Bool) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("key")
        if overwrite {
            try theirs.write(to: URL(fileURLWithPath: path))
            #expect(chmod(path, 0o666) == 0)
        }
        try AtomicFile.write(to: path, overwrite: overwrite, permissions: 0o600) { file in
            let temporary = try folder.names.filter { $0 != "key" }
            #expect(temporary.count == 1)
            #expect(temporary.map { mode(folder.path($0)) } == [0o600])
            try file.append(mine)
        }
        #expect(mode(path) == 0o600)
        #expect(try folder.names == ["key"])
    }

    @Test func leavesNothingBehindWhenCancelled() throws {
        struct Cancelled: Error {}
        let folder = try TemporaryFolder()
        try theirs.write(to: URL(fileURLWithPath: folder.path("x")))
        #expect(throws: Cancelled.self) {
            try AtomicFile.write(to: folder.path("x"), overwrite: true) { file in
                try file.append(mine)
                throw Cancelled()
            }
        }
        #expect(try folder.content("x") == theirs)
        #expect(try folder.names == ["x"])
    }

    @Test func refusesPlacesThatCannotBeWritten() throws {
        let folder = try TemporaryFolder()
        try theirs.write(to: URL(fileURLWithPath: folder.path("file")))
        let places = [
            (folder.path("no/x"), "no such file or directory"), (folder.path("file/x"), "not a directory"),
            ("/proc/nothing/x", "no such file or directory"), (folder.url.path, "a folder"),
            (folder.url.path + "/", "a folder"),
            ("/dev/null", "a device"), ("", "an empty name"), (folder.path("a\0b"), "a NUL character in it"),
            (folder.path(String(repeating: "n", count: 300)), "file name too long"),
        ]
        for (path, reason) in places {
            for overwrite in [false, true] {
                let error = #expect(throws: InputError.self) {
                    try AtomicFile.write(mine, to: path, overwrite: overwrite)
                }
                #expect(error?.code == .notWritable && error?.found == reason, "\(path)")
                #expect(path.isEmpty || error?.subject == path)
            }
        }
        #expect(try folder.names == ["file"])
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test(.enabled(if: geteuid() != 0, "root writes everywhere")) func refusesAFolderWithoutWritingRights() throws {
        let folder = try TemporaryFolder()
        #expect(chmod(folder.url.path, 0o500) == 0)
        defer { chmod(folder.url.path, 0o700) }
        let path = folder.path("x")
        #expect(
            throws: InputError(
                path, expected: "a folder that can be written to", found: "permission denied", as: .notWritable)
        ) { try AtomicFile.write(mine, to: path, overwrite: false) }
    }

    /// A symbolic link is an existing file, even one that points nowhere; `--force` replaces the link, not its target.
    @Test func replacesALinkAndNotItsTarget() throws {
        let folder = try TemporaryFolder()
        try theirs.write(to: URL(fileURLWithPath: folder.path("target")))
        #expect(symlink("target", folder.path("link")) == 0)
        #expect(symlink("nowhere", folder.path("dangling")) == 0)
        for name in ["link", "dangling"] {
            let path = folder.path(name)
            #expect(throws: existing(path)) { try AtomicFile.write(mine, to: path, overwrite: false) }
            try AtomicFile.write(mine, to: path, overwrite: true)
            #expect(try folder.content(name) == mine)
        }
        #expect(try folder.content("target") == theirs)
        #expect(try folder.names == ["dangling", "link", "target"])
    }
}
