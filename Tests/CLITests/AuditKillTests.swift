import Foundation
import TestSupport
import Testing

/// `ringkey audit` killed, stopped and out of disk.
@Suite(.serialized, .takesTurns) struct AuditKillTests {
    /// SIGKILL at 50 random moments: four in five after a random number of further bytes, the others while starting. An
    /// audit that comes to its end in between is compared, and another one begun.
    ///
    /// The moments are drawn from a seed, which is printed. RINGKEY_KILL_SEED=12345 draws them from that one again; how far
    /// the audit has got at a moment still depends on the machine.
    @Test func killedFiftyTimes() async throws {
        let audit = try AuditFolder()
        try audit.link(80)
        try audit.write("torn.png", Data(contentsOf: Fixtures.url("CLI/truncated.png")))
        try audit.write("empty.png", Data())
        #expect(try await Tool.run(audit.arguments("clean.jsonl", ["--quiet"])).status == 2)
        let clean = try audit.ends("clean.jsonl")
        #expect(clean.count == 82 && !clean.values.contains("twice"))
        let seed = try Self.seed()
        print("killed fifty times: RINGKEY_KILL_SEED=\(seed)")
        var generator = SplitMix(state: seed)

        func expectSame(_ name: String) throws {
            let lines = try audit.records(name).count
            #expect(lines == 82, "seed \(seed)")
            #expect(try audit.ends(name) == clean, "seed \(seed)")
        }
        var (kills, grown, finished) = (0, 0, 0)
        var before = Data()
        while kills < 50 {
            let name = "killed-\(finished).jsonl"
            let tool = try RunningTool(audit.arguments(name, ["--resume", "--quiet", "--batch", "2"]))
            let whileStarting = kills % 5 == 0
            let growth = Int.random(in: 1...8000, using: &generator)
            let pause = UInt32.random(in: 0...(whileStarting ? 200_000 : 10_000), using: &generator)
            try await tool.signal(
                SIGKILL, onceFile: audit.path(name), has: whileStarting ? 0 : before.count + growth, pause: pause)
            let status = try await tool.finish().status
            // A run that was killed while it started may have made no file yet.
            let after =
                FileManager.default.fileExists(atPath: audit.path(name))
                ? try Data(contentsOf: URL(fileURLWithPath: audit.path(name))) : Data()
            let complete = before.prefix((before.lastIndex(of: 0x0A) ?? -1) + 1)
            #expect(after.starts(with: complete), "a result was lost; seed \(seed)")
            if status == 128 + SIGKILL {
                kills += 1
                grown += after.count > complete.count ? 1 : 0
                before = after
            } else {
                #expect(status == 2)
                try expectSame(name)
                finished += 1
                before = Data()
            }
        }
        #expect(grown >= 25, "\(grown) kills while writing; seed \(seed)")
        let last = try await Tool.run(audit.arguments("killed-\(finished).jsonl", ["--resume"]))
        #expect(last.status == 2 && last.stdout.contains("audited 82 files: 80 judged, 2 failed"), "\(last)")
        try expectSame("killed-\(finished).jsonl")
    }

    private static func seed() throws -> UInt64 {
        guard let text = ProcessInfo.processInfo.environment["RINGKEY_KILL_SEED"] else {
            return .random(in: 0 ... .max)
        }
        return try #require(UInt64(text), "RINGKEY_KILL_SEED is \(text), expected a number")
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func signalsEndCleanly(_ signal: Int32) async throws {
        let audit = try AuditFolder()
        try audit.link(100)
        let tool = try RunningTool(audit.arguments("r.jsonl"))
        try await tool.signal(signal, onceFile: audit.path("r.jsonl"), has: 3000)
        let end = try await tool.finish()
        #expect(end.status == 128 + signal, "\(end.stderr)")
        let done = try audit.records("r.jsonl").count
        #expect((1..<100).contains(done))
        // Said at once, before the summary and what follows it.
        #expect(end.stderr.hasPrefix("ringkey: finishing the running batch; again to stop now\n"), "\(end.stderr)")
        // ringkey: R.jsonl keeps what was done. To go on: ringkey audit … --resume
        let command = try #require(end.stderr.components(separatedBy: "To resume: ").last?.split(separator: "\n").first)
        #expect(command.hasSuffix("--resume"))
        #expect(try await Tool.run(command: ["sh", "-c", "exec \(command) --quiet > /dev/null"]).status == 0)
        #expect(try audit.ends("r.jsonl").count == 100 && audit.records("r.jsonl").count == 100)
    }

    /// The second signal does not wait for the running batch.
    @Test func theSecondSignalStopsNow() async throws {
        let audit = try AuditFolder()
        try audit.link(64)
        // ringkey audit images --key … --decoder-inversion adam:10000 -o r.jsonl
        let slow = ["--key", AuditFolder.key, "--decoder-inversion", "adam:10000", "--steps", "0"]
        let tool = try RunningTool(
            ["audit", audit.images, "--model", audit.model] + slow + ["-o", audit.path("r.jsonl")])
        try await tool.signal(SIGINT, onceFile: audit.path("r.jsonl"), has: 1, pause: 300_000)
        try await Task.sleep(for: .milliseconds(200))
        tool.signal(SIGINT)
        let end = try await tool.finish()
        #expect(end.status == 130, "\(end.stderr)")
        #expect(end.stderr == "ringkey: finishing the running batch; again to stop now\n")
    }

    /// As under nohup: the signal that the parent ignores is ignored, the others still end the run.
    @Test func ignoredSignalsStayIgnored() async throws {
        let audit = try AuditFolder()
        try audit.link(100)
        // trap '' HUP; ringkey audit images --key … -o r.jsonl
        let prefix = ["bash", "-c", "trap '' HUP; exec \"$0\" \"$@\""]
        let tool = try RunningTool(audit.arguments("r.jsonl", ["--quiet"]), prefix: prefix)
        try await tool.signal(SIGHUP, onceFile: audit.path("r.jsonl"), has: 3000)
        let end = try await tool.finish()
        #expect(end.status == 0, "\(end.stderr)")
        #expect(try audit.records("r.jsonl").count == 100)
    }

    @Test func aFullDiskKeepsWhatWasDone() async throws {
        let audit = try AuditFolder()
        try audit.link(40)
        // ulimit -f 8; ringkey audit images --key … -o r.jsonl
        let tool = try RunningTool(
            audit.arguments("r.jsonl", ["--quiet"]), prefix: ["bash", "-c", "ulimit -f 8; exec \"$0\" \"$@\""])
        let end = try await tool.finish()
        #expect(end.status == 2)
        #expect(end.stderr.contains("r.jsonl: expected room for another result, found file too large"), "\(end.stderr)")
        #expect(end.stderr.contains("--resume"))
        let done = try audit.records("r.jsonl").count
        #expect((1..<40).contains(done))
        let content = try Data(contentsOf: URL(fileURLWithPath: audit.path("r.jsonl")))
        #expect(content.last == 0x0A && content.count <= 8192)
        #expect(try await Tool.run(audit.arguments("r.jsonl", ["--resume", "--quiet"])).status == 0)
        #expect(try audit.ends("r.jsonl").count == 40)
        // ringkey audit images --key … -o /dev/full
        let full = try await Tool.run(["audit", audit.images] + AuditFolder.fast + ["-o", "/dev/full"])
        #expect(full.status == 2 && full.stderr.contains("/dev/full: expected room"), "\(full.stderr)")
    }

    @Test func outputsThatCannotBeWritten() async throws {
        let audit = try AuditFolder()
        try audit.link(1)
        for (path, word) in [
            (audit.path("no/r.jsonl"), "no such file"), (audit.images, "found a folder"), ("/proc/r.jsonl", "/proc"),
        ] {
            let output = try await Tool.run(["audit", audit.images] + AuditFolder.fast + ["-o", path])
            #expect(output.status == 2 && output.stderr.contains(word), "\(output.stderr)")
        }
    }

    @Test func deletedResultsEndTheAudit() async throws {
        let audit = try AuditFolder()
        try audit.link(100)
        let tool = try RunningTool(audit.arguments("r.jsonl", ["--quiet"]))
        try await tool.signal(0, onceFile: audit.path("r.jsonl"), has: 3000)
        #expect(unlink(audit.path("r.jsonl")) == 0)
        let end = try await tool.finish()
        #expect(end.status == 2 && end.stderr.contains("it was deleted; the results so far are in"), "\(end.stderr)")
        #expect(end.stderr.contains("-o \(audit.path("r.jsonl.rescued")) --quiet --resume\n"), "\(end.stderr)")
        #expect((1..<100).contains(try audit.records("r.jsonl.rescued").count))
    }

    /// Messages among the lines, as an audit that was started without stdout once wrote them.
    @Test func damagedResultsAreNamedAndRepaired() async throws {
        let audit = try AuditFolder()
        try audit.link(4)
        #expect(try await Tool.run(audit.arguments("r.jsonl")).status == 0)
        let whole = String(decoding: try Data(contentsOf: URL(fileURLWithPath: audit.path("r.jsonl"))), as: UTF8.self)
        var lines = whole.split(separator: "\n").map(String.init)
        lines[2] = "ringkey: torn" + lines[2].dropFirst(20)
        lines.append("audited 4 files: 4 judged, 0 failed")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: audit.path("r.jsonl")))
        let report = ["report", audit.path("r.jsonl"), "--json", audit.path("r.json"), "--force"]
        for command in [report, audit.arguments("r.jsonl", ["--resume"])] {
            let refused = try await Tool.run(command)
            #expect(refused.status == 2 && refused.stderr.contains("r.jsonl, line 3: expected"), "\(refused)")
            #expect(refused.stderr.contains("(audit --resume --repair takes damaged lines out)"), "\(refused)")
        }
        let repaired = try await Tool.run(audit.arguments("r.jsonl", ["--resume", "--repair", "--json"]))
        #expect(repaired.status == 0 && repaired.json.first?["written"] as? Int == 1, "\(repaired)")
        #expect(
            repaired.stderr.contains("moved 2 damaged lines (3, 6) to \(audit.path("r.jsonl.damaged"))"), "\(repaired)")
        #expect(try audit.ends("r.jsonl").count == 4 && audit.records("r.jsonl").count == 4)
        #expect(try await Tool.run(report).status == 0)
    }

    @Test func twoAuditsOnOneFileAreRefused() async throws {
        let audit = try AuditFolder()
        try audit.link(1)
        #expect(try await Tool.run(audit.arguments("r.jsonl")).status == 0)
        let descriptor = open(audit.path("r.jsonl"), O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let output = try await Tool.run(audit.arguments("r.jsonl", ["--resume"]))
        #expect(output.status == 2 && output.stderr.contains("another audit"), "\(output.stderr)")
    }
}

/// Steele et al. 2014.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
