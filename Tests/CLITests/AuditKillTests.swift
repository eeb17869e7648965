import Foundation
import TestSupport
import Testing

/// `ringkey audit` killed, stopped and out of disk.
@Suite(.serialized) struct AuditKillTests {
    /// SIGKILL at 50 random moments: four in five after a random number of further bytes, the others while starting. An
    /// audit that comes to its end in between is compared, and another one begun.
    @Test func killedFiftyTimes() throws {
        let audit = try AuditFolder()
        try audit.link(80)
        try audit.write("torn.png", Data(contentsOf: Fixtures.url("CLI/truncated.png")))
        try audit.write("empty.png", Data())
        #expect(try Tool.run(audit.arguments("clean.jsonl", ["--quiet"])).status == 2)
        let clean = try audit.ends("clean.jsonl")
        #expect(clean.count == 82 && !clean.values.contains("twice"))
        let seed = UInt64.random(in: 0 ... .max)
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
            if kills % 5 == 0 {
                usleep(UInt32.random(in: 0...200_000, using: &generator))
            } else {
                let goal = before.count + Int.random(in: 1...8000, using: &generator)
                while tool.isRunning, size(audit.path(name)) < goal { usleep(500) }
                usleep(UInt32.random(in: 0...10000, using: &generator))
            }
            tool.signal(SIGKILL)
            let status = tool.finish().status
            let after = (try? Data(contentsOf: URL(fileURLWithPath: audit.path(name)))) ?? Data()
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
        let last = try Tool.run(audit.arguments("killed-\(finished).jsonl", ["--resume"]))
        #expect(last.status == 2 && last.stdout.contains("audited 82 files: 80 judged, 2 failed"), "\(last)")
        try expectSame("killed-\(finished).jsonl")
    }

    private func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func signalsEndCleanly(_ signal: Int32) throws {
        let audit = try AuditFolder()
        try audit.link(100)
        let tool = try RunningTool(audit.arguments("r.jsonl"))
        while tool.isRunning, size(audit.path("r.jsonl")) < 3000 { usleep(500) }
        tool.signal(signal)
        let end = tool.finish()
        #expect(end.status == 128 + signal, "\(end.stderr)")
        let done = try audit.records("r.jsonl").count
        #expect((1..<100).contains(done))
        // ringkey: R.jsonl keeps what was done. To go on: ringkey audit … --resume
        let command = try #require(end.stderr.components(separatedBy: "To go on: ").last?.split(separator: "\n").first)
        #expect(command.hasSuffix("--resume"))
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "exec \(command) --quiet > /dev/null"]
        shell.currentDirectoryURL = Fixtures.repository
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        #expect(try audit.ends("r.jsonl").count == 100 && audit.records("r.jsonl").count == 100)
    }

    /// As under nohup: the signal that the parent ignores is ignored, the others still end the run.
    @Test func ignoredSignalsStayIgnored() throws {
        let audit = try AuditFolder()
        try audit.link(100)
        // trap '' HUP; ringkey audit images --key … -o r.jsonl
        let prefix = ["bash", "-c", "trap '' HUP; exec \"$0\" \"$@\""]
        let tool = try RunningTool(audit.arguments("r.jsonl", ["--quiet"]), prefix: prefix)
        while tool.isRunning, size(audit.path("r.jsonl")) < 3000 { usleep(500) }
        tool.signal(SIGHUP)
        let end = tool.finish()
        #expect(end.status == 0, "\(end.stderr)")
        #expect(try audit.records("r.jsonl").count == 100)
    }

    @Test func aFullDiskKeepsWhatWasDone() throws {
        let audit = try AuditFolder()
        try audit.link(40)
        // ulimit -f 8; ringkey audit images --key … -o r.jsonl
        let tool = try RunningTool(
            audit.arguments("r.jsonl", ["--quiet"]), prefix: ["bash", "-c", "ulimit -f 8; exec \"$0\" \"$@\""])
        let end = tool.finish()
        #expect(end.status == 2)
        #expect(end.stderr.contains("r.jsonl: expected room for another result, found file too large"), "\(end.stderr)")
        #expect(end.stderr.contains("--resume"))
        let done = try audit.records("r.jsonl").count
        #expect((1..<40).contains(done))
        let content = try Data(contentsOf: URL(fileURLWithPath: audit.path("r.jsonl")))
        #expect(content.last == 0x0A && content.count <= 8192)
        #expect(try Tool.run(audit.arguments("r.jsonl", ["--resume", "--quiet"])).status == 0)
        #expect(try audit.ends("r.jsonl").count == 40)
        // ringkey audit images --key … -o /dev/full
        let full = try Tool.run(["audit", audit.images] + AuditFolder.fast + ["-o", "/dev/full"])
        #expect(full.status == 2 && full.stderr.contains("/dev/full: expected room"), "\(full.stderr)")
    }

    @Test func outputsThatCannotBeWritten() throws {
        let audit = try AuditFolder()
        try audit.link(1)
        for (path, word) in [
            (audit.path("no/r.jsonl"), "no such file"), (audit.images, "is a directory"), ("/proc/r.jsonl", "/proc"),
        ] {
            let output = try Tool.run(["audit", audit.images] + AuditFolder.fast + ["-o", path])
            #expect(output.status == 2 && output.stderr.contains(word), "\(output.stderr)")
        }
    }

    @Test func twoAuditsOnOneFileAreRefused() throws {
        let audit = try AuditFolder()
        try audit.link(1)
        #expect(try Tool.run(audit.arguments("r.jsonl")).status == 0)
        let descriptor = open(audit.path("r.jsonl"), O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let output = try Tool.run(audit.arguments("r.jsonl", ["--resume"]))
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
