import Files
import Foundation
import TestSupport
import Testing
import Verdicts

/// 500 files of every kind, audited to the end.
@Suite(.takesTurns) struct AuditMixedFolderTests {
    /// Root may read everything: where the tests run as root, the audit runs as nobody.
    private static let nobody: UInt32 = 65534

    @Test func everyFileGetsItsClassInBoundedMemory() async throws {
        let folder = try TemporaryFolder()
        let mixed = try MixedFolder(in: folder.path("m"))
        #expect(mixed.expected.count >= 500 && mixed.leftOut.isEmpty, "\(mixed.expected.count) \(mixed.leftOut)")
        let key = folder.path("k.json")
        try FileManager.default.copyItem(
            atPath: Fixtures.repository.appendingPathComponent(AuditFolder.key).path, toPath: key)
        chmod(key, 0o600)
        var prefix: [String] = []
        if geteuid() == 0 {
            prefix = ["setpriv", "--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups", "--"]
            for path in [folder.url.path, key] { chown(path, Self.nobody, Self.nobody) }
        }
        var canDropRights = true
        if !prefix.isEmpty {
            canDropRights = try await Tool.run(command: prefix + [Tool.url.path, "--version"]).status == 0
        }
        // Where the build cannot be reached by others, root reads the files without rights too.
        if !canDropRights { prefix = [] }

        // ringkey audit m --key k.json --steps 0 --decoder-inversion none --decoys 0 -o r.jsonl --json
        let arguments = [
            "audit", mixed.root, "--key", key, "--steps", "0", "--decoder-inversion", "none", "--decoys", "0", "-o",
            folder.path("r.jsonl"), "--json",
        ]
        let tool = try RunningTool(arguments, prefix: prefix)
        let peak = try await tool.peakMemory()
        let end = try await tool.finish()
        #expect(end.status == 2, "\(end.stderr)")
        #expect(end.stderr.contains("further failures are reported only in the results"))

        var found: [RawPath: MixedFolder.Expectation] = [:]
        let lines = try Data(contentsOf: URL(fileURLWithPath: folder.path("r.jsonl"))).split(separator: 0x0A)
        for line in lines {
            guard case .record(let record) = try AuditLine(line) else { continue }
            let name = RawPath(bytes: Array(record.name.bytes.dropFirst(mixed.root.utf8.count + 1)))
            #expect(found[name] == nil, "\(name) twice")
            switch record.outcome {
            case .verdict: found[name] = .judged
            case .failure(let failure): found[name] = .failed(failure.code)
            }
        }
        for (name, expectation) in mixed.expected {
            let isForbidden = expectation == .failed(.notReadable)
            let right = isForbidden && !canDropRights && geteuid() == 0 ? .judged : expectation
            #expect(found[name] ?? .skipped == right, "\(name): \(found[name] ?? .skipped), not \(right)")
        }
        #expect(Set(found.keys).isSubset(of: Set(mixed.expected.keys)))
        let printed = try #require(try await tool.line())
        let summary = try #require(try JSONSerialization.jsonObject(with: Data(printed.utf8)) as? [String: Any])
        #expect(summary["skipped"] as? Int == mixed.expected.values.count { $0 == .skipped })
        // The eight large images alone are 576 MB decoded; two are decoded at a time.
        print("mixed folder: peak resident set \(peak / 1_000_000) MB")
        #expect(peak > 50_000_000 && peak < 500_000_000, "\(peak) bytes")
    }
}
