import Files
import Foundation
import InputErrors
import TestSupport
import Testing

@Suite struct InputFileTests {
    private func refusal(_ path: String, limit: Int = 100) -> InputError? {
        #expect(throws: InputError.self) { try InputFile.read(path, limit: limit) }
    }

    @Test func readsUpToTheLimit() throws {
        let folder = try TemporaryFolder()
        let content = Data((0..<100).map { UInt8($0) })
        try content.write(to: URL(fileURLWithPath: folder.path("x")))
        #expect(try InputFile.read(folder.path("x"), limit: 100) == content)
        #expect(
            refusal(folder.path("x"), limit: 99)
                == InputError(folder.path("x"), expected: "at most 99 bytes", found: "100 bytes", as: .tooLarge))
    }

    @Test func followsALink() throws {
        let folder = try TemporaryFolder()
        try Data([1]).write(to: URL(fileURLWithPath: folder.path("x")))
        #expect(symlink("x", folder.path("link")) == 0)
        #expect(try InputFile.read(folder.path("link"), limit: 1) == Data([1]))
    }

    /// Each thing that is no readable file has its own words, and none of them is waited for.
    @Test(.timeLimit(.minutes(1))) func refusesWhatIsNoFile() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path("missing")
        #expect(
            refusal(missing)
                == InputError(missing, expected: "a readable file", found: "no such file or directory", as: .missing))
        #expect(
            refusal(folder.url.path)
                == InputError(folder.url.path, expected: "a file", found: "a folder", as: .notAFile))
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        #expect(
            refusal(folder.path("pipe"))
                == InputError(folder.path("pipe"), expected: "a file", found: "a named pipe", as: .notAFile))
        #expect(refusal("/dev/zero") == InputError("/dev/zero", expected: "a file", found: "a device", as: .notAFile))
        try Data().write(to: URL(fileURLWithPath: folder.path("empty")))
        let empty = folder.path("empty")
        #expect(
            refusal(empty) == InputError(empty, expected: "a file with content", found: "an empty file", as: .empty))
        #expect(
            refusal(empty + "/x")
                == InputError(empty + "/x", expected: "a readable file", found: "not a directory", as: .missing))
        #expect(symlink("loop", folder.path("loop")) == 0)
        for (path, reason) in [
            (folder.path("loop"), "too many levels of symbolic links"), ("", "an empty name"),
            (empty + "\0.png", "a NUL character in it"),
        ] {
            let error = refusal(path)
            #expect(error?.code == .missing && error?.found == reason, "\(path)")
        }
    }

    /// A pipe is read to its end where that is asked for; its writer may come late and write in pieces.
    @Test func readsAPipeWhereAsked() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let content = Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 7) })
        func read(_ limit: Int) throws -> Data {
            Thread.detachNewThread {
                usleep(100_000)
                let file = FileHandle(forWritingAtPath: path)
                for start in stride(from: 0, to: content.count, by: 70_000) {
                    try? file?.write(contentsOf: content[start..<min(start + 70_000, content.count)])
                    usleep(20_000)
                }
                try? file?.close()
            }
            return try InputFile.read(path, limit: limit, takesPipes: true)
        }
        #expect(try read(1 << 20) == content)
        #expect(try read(200_000) == content)
        #expect(PrivateFile.isReadableByOthers(path) == false)
    }

    @Test func refusesASocket() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("s")
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        #expect(refusal(path) == InputError(path, expected: "a file", found: "a socket", as: .notAFile))
    }

    @Test(.enabled(if: geteuid() != 0, "root reads everything")) func refusesAFileWithoutReadingRights() throws {
        let folder = try TemporaryFolder()
        try Data([1]).write(to: URL(fileURLWithPath: folder.path("x")))
        #expect(chmod(folder.path("x"), 0) == 0)
        let error = refusal(folder.path("x"))
        #expect(error?.code == .notReadable && error?.found == "permission denied")
    }

    /// Control characters in a file's own text, or in its name, do not reach the terminal or a second line.
    @Test func messagesAreOneLine() {
        let error = InputError("a\nb", expected: "x", found: "\u{1B}[2Jé", as: .unexpected)
        #expect(error.description == "$'a\\nb': expected x, found \\033[2Jé")
    }
}
