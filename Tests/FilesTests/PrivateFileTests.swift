import Files
import Foundation
import InputErrors
import TestSupport
import Testing

/// Where a file with a secret may lie.
@Suite struct PrivateFileTests {
    private let folder: TemporaryFolder
    private static let isRoot = geteuid() == 0

    init() throws { folder = try TemporaryFolder() }

    private func write(_ name: String) throws -> String {
        let path = folder.path(name)
        try Folder.make(Folder.of(path))
        try AtomicFile.write(Data("secret".utf8), to: path, overwrite: true, permissions: 0o600)
        return path
    }

    private func found(_ path: String) -> String? {
        do {
            return try PrivateFile.read(path, limit: 100) == Data("secret".utf8) ? nil : "other content"
        } catch let error as InputError {
            #expect(error.code == .keyPlace && error.subject == path, "\(error)")
            return error.found
        } catch {
            return "\(error)"
        }
    }

    /// The world must not write to any folder on the way, unless the sticky bit keeps it from others' files.
    @Test func aFolderOfEverybodyIsRefused() throws {
        let path = try write("open/sub/k.json")
        #expect(found(path) == nil)
        let open = folder.path("open")
        for (mode, isRefused) in [(0o777, true), (0o733, true), (0o1777, false), (0o775, false), (0o755, false)] {
            #expect(chmod(open, mode_t(mode)) == 0)
            let expected = isRefused ? "/open of mode \(String(mode, radix: 8))" : nil
            #expect(found(path).map { String($0.suffix(17)) } == expected.map { String($0.suffix(17)) }, "\(mode)")
        }
    }

    @Test func linksOfOnesOwnAreFollowed() throws {
        _ = try write("a/k.json")
        let links = [
            ("l", "a/k.json"), ("d", "a"), ("absolute", folder.path("a")), ("two", "d"), ("up", "a/../a/../d"),
        ]
        for (link, target) in links { #expect(symlink(target, folder.path(link)) == 0) }
        for way in ["l", "d/k.json", "absolute/k.json", "two/k.json", "up/k.json", "a/../a/k.json"] {
            #expect(found(folder.path(way)) == nil, "\(way)")
        }
        // Also to where the world may write.
        #expect(chmod(folder.path("a"), 0o777) == 0)
        for way in ["l", "d/k.json", "absolute/k.json", "two/k.json", "up/k.json"] {
            #expect(found(folder.path(way))?.hasSuffix("/a of mode 777") == true, "\(way)")
        }
        #expect(symlink("loop", folder.path("loop")) == 0)
        #expect(refusalCode { try PrivateFile.read(folder.path("loop"), limit: 9) } == .missing)
    }

    /// Somebody else's link, and a sticky folder of somebody else, whose owner may rename what is in it.
    @Test(.enabled(if: isRoot, "only root gives files away")) func whatIsSomebodyElsesIsRefused() throws {
        _ = try write("a/k.json")
        let stranger: uid_t = 1234
        for (link, target) in [("l", "a/k.json"), ("d", "a")] {
            #expect(symlink(target, folder.path(link)) == 0)
            #expect(lchown(folder.path(link), stranger, stranger) == 0)
        }
        #expect(found(folder.path("l"))?.hasSuffix("/l of user 1234") == true)
        #expect(found(folder.path("d/k.json"))?.hasSuffix("/d of user 1234") == true)
        #expect(chmod(folder.path("a"), 0o1777) == 0 && found(folder.path("a/k.json")) == nil)
        #expect(chown(folder.path("a"), stranger, stranger) == 0)
        #expect(found(folder.path("a/k.json"))?.hasSuffix("/a of mode 1777") == true)
    }

    @Test func limitsHold() throws {
        let path = try write("k.json")
        #expect(refusalCode { try PrivateFile.read(path, limit: 5) } == .tooLarge)
        let empty = try folder.write("empty", Data())
        #expect(chmod(empty, 0o600) == 0)
        #expect(refusalCode { try PrivateFile.read(empty, limit: 5) } == .empty)
        #expect(refusalCode { try PrivateFile.read(folder.path("none"), limit: 5) } == .missing)
    }

    /// Long content, so that it is in pages of its own.
    @Test func contentOutlivesTheFile() throws {
        let content = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0) })
        let path = try folder.write("long", content)
        #expect(chmod(path, 0o600) == 0)
        let read = try PrivateFile.read(path, limit: 1 << 20)
        #expect(unlink(path) == 0)
        #expect(read == content && read.dropFirst(70_000) == content.dropFirst(70_000))
    }
}
