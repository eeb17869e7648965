import Foundation
import TestSupport
import Testing

/// `ringkey audit` where the system has too few threads, as in a container with a limit of processes.
@Suite(.takesTurns) struct AuditThreadsTests {
    /// A user without other processes: root has no limit.
    private static let stranger: UInt32 = 65533

    /// One for each kind of work takes more; a machine with many cores fails when the model is opened.
    @Test func itEndsWithAnErrorAndCanBeResumed() async throws {
        let audit = try AuditFolder()
        try audit.link(6)
        let key = audit.path("k.json")
        try FileManager.default.copyItem(
            atPath: Fixtures.repository.appendingPathComponent(AuditFolder.key).path, toPath: key)
        chmod(key, 0o600)
        var prefix = ["prlimit", "--nproc=6"]
        if geteuid() == 0 {
            prefix += ["setpriv", "--reuid=\(Self.stranger)", "--regid=\(Self.stranger)", "--clear-groups", "--"]
            for path in [audit.path("."), key] { chown(path, Self.stranger, Self.stranger) }
        }
        // prlimit --nproc=6 ringkey audit images --key k.json … -o r.jsonl
        let arguments = ["audit", audit.images, "--model", audit.model, "--key", key] + AuditFolder.fast.dropFirst(2)
        let tool = try RunningTool(arguments + ["-o", audit.path("r.jsonl")], prefix: prefix, timeout: 30)
        let end = try await tool.finish()
        #expect(end.status == 2, "\(end.stderr)")
        #expect(end.stderr.contains("temporarily unavailable"), "\(end.stderr)")
        let resumed = try await Tool.run(arguments + ["-o", audit.path("r.jsonl"), "--resume", "--quiet"])
        #expect(resumed.status == 0 && resumed.stderr.isEmpty, "\(resumed)")
        #expect(try audit.ends("r.jsonl").count == 6 && audit.records("r.jsonl").count == 6)
    }
}
