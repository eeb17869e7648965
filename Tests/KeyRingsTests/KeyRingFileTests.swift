import Foundation
import InputErrors
import KeyRings
import RingKeys
import Tensors
import TestSupport
import Testing

/// Ring files: what is added, what is refused, and what a killed process leaves.
@Suite struct KeyRingFileTests {
    private func file(_ folder: TemporaryFolder, labels: [String] = ["a", "b"]) throws -> String {
        let path = folder.path("r.ring")
        let geometry = try KeyGeometry(pattern: .spread, radius: 6, channels: nil, latentShape: Rings.shape)
        try KeyRing.create(at: path, name: "r", geometry: geometry, pilotChannels: [0])
        if !labels.isEmpty { try KeyRingFile(path).derive(labels.map { .init($0) }) }
        return path
    }

    private func code(_ body: () throws -> Void) -> InputError.Code? {
        do {
            try body()
            return nil
        } catch let error as InputError { return error.code } catch { return .unexpected }
    }

    private func append(_ text: String, to path: String) throws {
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    @Test func whatIsAddedIsThere() throws {
        let folder = try TemporaryFolder()
        let path = try file(folder)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try KeyRingFile(path).derive([.init("c \"quoted\" ü/\\", owner: "Öwner")])
        let old = RingKey(
            name: "old", geometry: try KeyGeometry(pattern: .ring, radius: 5, channels: [1], latentShape: Rings.shape))
        try KeyRingFile(path).add(old, label: "older")
        #expect(try KeyRingFile(path).revoke("b"))
        #expect(try !KeyRingFile(path).revoke("b"), "it was revoked before")
        #expect(try KeyRingFile(path).revoke("older"))
        let ring = try KeyRing(contentsOf: path)
        #expect(ring.count == 3 && ring.place(of: "c \"quoted\" ü/\\") == 2)
        #expect(ring.label(at: 2).owner == "Öwner" && ring.label(at: 0).owner == nil)
        #expect(ring.added.map(\.id) == [old.id] && ring.added.map(\.name) == ["older"])
        #expect(Set(ring.revocations.keys) == ["b", "older"])
        #expect(try ring.check() == .none)
        let bank = try ring.bankInMemory()
        #expect(bank.revocation(of: ring.added[0].identity) != nil)
    }

    @Test func whatIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try file(folder)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(code { try KeyRingFile(path).derive([.init("c"), .init("a")]) } == .invalidSetting, "a label it has")
        #expect(code { try KeyRingFile(path).derive([.init("c"), .init("c")]) } == .invalidSetting, "a label twice")
        #expect(code { try KeyRingFile(path).derive([.init("line\nfeed")]) } == .invalidSetting)
        #expect(code { _ = try KeyRingFile(path).revoke("nobody") } == .invalidSetting)
        let other = LatentShape(channels: 4, height: 20, width: 22)
        let wrong = RingKey(
            name: "x", geometry: try KeyGeometry(pattern: .spread, radius: 6, channels: nil, latentShape: other))
        #expect(code { try KeyRingFile(path).add(wrong, label: nil) } == .keyMismatch, "another latent shape")
        let key = RingKey(
            name: "k", geometry: try KeyGeometry(pattern: .spread, radius: 6, channels: nil, latentShape: Rings.shape))
        #expect(code { try KeyRingFile(path).add(key, label: "a") } == .invalidSetting, "a label it has")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, "nothing was added")
        try KeyRingFile(path).add(key, label: nil)
        #expect(
            code { try KeyRingFile(path).add(key, label: "again") } == .keyMismatch, "the same key under another label")
        // A derived key of a ring without pilot, added under another label.
        let plain = folder.path("plain.ring")
        try KeyRing.create(at: plain, name: "p", geometry: key.geometry, pilotChannels: [])
        try KeyRingFile(plain).derive([.init("a")])
        let derived = try #require(try KeyRing(contentsOf: plain).key(of: "a") as? RingKey)
        #expect(code { try KeyRingFile(plain).add(derived, label: "other") } == .keyMismatch)
        #expect(code { try KeyRing.create(at: path, name: "r", geometry: key.geometry, pilotChannels: []) } == .exists)
        for file in [path, plain] { #expect(code { _ = try KeyRing(contentsOf: file) } == nil) }
    }

    @Test func filesThatAreNoRings() throws {
        let folder = try TemporaryFolder()
        #expect(code { _ = try KeyRing(contentsOf: folder.url.path) } == .notAFile)
        #expect(code { _ = try KeyRing(contentsOf: folder.path("none")) } == .missing)
        #expect(code { _ = try KeyRingFile(folder.path("none")) } == .missing)
        for (text, expected) in [
            ("", InputError.Code.empty), ("{}", .keyDocument), ("{}\n", .keyDocument), ("\u{0}\n", .keyDocument),
            ("{\"format\":\"ringkey.keyring/9\"}\n", .keyDocument), ("[1]\n", .keyDocument),
        ] {
            let path = try folder.write("wrong.ring", Data(text.utf8))
            #expect(code { _ = try KeyRing(contentsOf: path) } == expected, "\(text)")
        }
        let path = try file(folder)
        chmod(path, 0o622)
        #expect(code { _ = try KeyRing(contentsOf: path) } == .keyPermissions)
        let empty = try KeyRing(data: try Rings.header(1), named: "empty")
        #expect(code { try empty.requireKeys() } == .empty)
        #expect(try empty.bank() == nil)
    }

    @Test func linesThatAreWrong() throws {
        let header = try Rings.header(1)
        let key = RingKey(
            name: "k",
            geometry: try KeyGeometry(
                pattern: .spread, radius: 6, channels: nil, latentShape: LatentShape(channels: 4, height: 20, width: 22)
            ))
        let document = try #require(String(data: key.data(), encoding: .utf8)).replacing("\n", with: " ")
        for line in [
            "", "{}", "nonsense", #"{"label":""}"#, #"{"label":"a\u0000"}"#, #"{"label":1}"#,
            #"{"label":"a","revoked":"a"}"#,
            #"{"revoked":"a"}"#, #"{"revoked":"a","at":"yesterday"}"#, #"{"label":"a","owner":""}"#, #"{"key":{}}"#,
            #"{"label":"a","label":"b"}"#, #"{"key":\#(document)}"#,
        ] {
            let error = #expect(throws: InputError.self, "\(line)") {
                try KeyRing(data: header + Data("{\"label\":\"fine\"}\n\(line)\n".utf8), named: "ring")
            }
            #expect(error?.subject.hasPrefix("ring, line 3") == true, "\(error.map(\.description) ?? "")")
        }
        // In any order and with any white space a line is a line.
        let ring = try Rings.ring(1, labels: 1, lines: [#" { "owner" : "o", "label" : "später" } "#])
        #expect(ring.count == 2 && ring.label(at: 1).label == "später" && ring.label(at: 1).owner == "o")
        let twice = try Rings.ring(1, labels: 1, lines: [#"{"label":"customer-0"}"#])
        #expect(code { _ = try twice.check() } == .keyDocument)
        #expect(code { _ = try twice.bank() } == .keyDocument)
        let unknown = try Rings.ring(1, labels: 1, lines: [#"{"revoked":"x","at":"2026-02-01T12:00:00Z"}"#])
        #expect(code { _ = try unknown.check() } == .keyDocument)
    }

    /// Whatever part of a line a killed process or a full disk leaves, the lines before it hold and the next one takes its place.
    @Test func aTornLineIsDropped() throws {
        let folder = try TemporaryFolder()
        let path = try file(folder)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let line = #"{"label":"torn","owner":"o"}"#
        for length in stride(from: 1, through: line.count, by: 3) {
            try whole.write(to: URL(fileURLWithPath: path))
            try append(String(line.prefix(length)), to: path)
            let ring = try KeyRing(contentsOf: path)
            #expect(ring.isTorn && ring.count == 2)
            try KeyRingFile(path).derive([.init("next")])
            let after = try KeyRing(contentsOf: path)
            #expect(!after.isTorn && after.count == 3 && after.label(at: 2).label == "next")
        }
        // Of a file that was cut anywhere the header is refused or the whole lines are there.
        for length in stride(from: 0, to: whole.count, by: 7) {
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            if let ring = try? KeyRing(contentsOf: path) { #expect(ring.count <= 2) }
        }
    }

    /// Threads, and so processes, that add at once lose nothing and add nothing twice.
    @Test func manyAddAtOnce() throws {
        let folder = try TemporaryFolder()
        let path = try file(folder, labels: [])
        DispatchQueue.concurrentPerform(iterations: 16) { index in
            _ = try? KeyRingFile(path).derive([.init("own-\(index)"), .init("own-\(index)-2")])
            _ = try? KeyRingFile(path).derive([.init("shared-\(index % 4)")])
        }
        let ring = try KeyRing(contentsOf: path)
        #expect(ring.count == 36)
        #expect(try ring.check() == .none)
    }
}
