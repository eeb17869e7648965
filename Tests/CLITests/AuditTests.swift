import Foundation
import TestSupport
import Testing
import Verdicts

/// `ringkey audit` as a user runs it.
@Suite(.takesTurns) struct AuditTests {
    /// The samples with all stages: what the demo finds, the audit finds.
    @Test func theSamples() async throws {
        let folder = try TemporaryFolder()
        // ringkey audit samples/images --key samples/demo.key.json -o r.jsonl --json
        let output = try await Tool.run([
            "audit", "samples/images", "--key", "samples/demo.key.json", "-o", folder.path("r.jsonl"), "--json",
        ])
        #expect(output.status == 0, "\(output.stderr)")
        let summary = try #require(output.json.first)
        #expect(output.json.count == 1 && summary["format"] as? String == "ringkey.audit-summary/1")
        #expect(summary["judged"] as? Int == 19 && summary["complete"] as? Bool == true)
        let lines = try Data(contentsOf: URL(fileURLWithPath: folder.path("r.jsonl"))).split(separator: 0x0A)
        guard case .header(let header) = try AuditLine(lines[0]) else {
            Issue.record("no header")
            return
        }
        #expect(header.keys.map(\.name) == ["demo"] && header.shard == nil)
        #expect(header.settings["looks"] == "none/0,none/5,anderson:4/10" && header.settings["search"] == "full")
        #expect(header.model.digest.count == 64)
        var paths: [String] = []
        for line in lines.dropFirst() {
            guard case .record(let record) = try AuditLine(line), case .verdict(let verdict) = record.outcome else {
                Issue.record("no verdict: \(String(decoding: line, as: UTF8.self))")
                continue
            }
            paths.append(record.path)
            let name = (record.path as NSString).lastPathComponent
            let decision: Verdict.Decision = name.hasPrefix("marked") ? .watermarked : .notWatermarked
            #expect(verdict.verdict == decision, "\(name)")
            #expect(record.stamp?.size == verdict.bytes)
        }
        #expect(paths.count == 19 && paths == paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        let secret = try Data(contentsOf: Fixtures.repository.appendingPathComponent("samples/demo.key.json"))
        let key = try #require(try JSONSerialization.jsonObject(with: secret) as? [String: Any])
        let hidden = try #require(key["secret"] as? String)
        #expect(!lines.contains { String(decoding: $0, as: UTF8.self).contains(hidden) })
    }

    /// One inversion, every key scored, p-values multiplied.
    @Test func severalKeys() async throws {
        let output = try await Tool.run(
            [
                "audit", "samples/images/marked-1.png", "samples/images/hard/other-key.png", "--key",
                "samples/other.key.json",
            ]
                + AuditFolder.fast)
        #expect(output.status == 0, "\(output.stderr)")
        let lines = output.json
        #expect(lines.count == 3 && (lines[0]["keys"] as? [Any])?.count == 2)
        // Two keys, and half of the rate for the search.
        #expect(lines.dropFirst().allSatisfy { $0["hypotheses"] as? Int == 4 && ($0["scores"] as? [Any])?.count == 2 })
        #expect(output.stderr.contains("audited 2 files"))
    }

    /// A path in, a line out, before the next path comes: what Ray, Spark and coprocesses need.
    @Test func aLineForEachPathAsItComes() async throws {
        let tool = try RunningTool(["audit", "-"] + AuditFolder.fast + ["--no-header", "--quiet"])
        for name in ["samples/images/clean-1.png", "no/such.png", "samples", "samples/images/marked-1.png"] {
            try tool.send(name)
            let line = try #require(try await tool.line(), "no answer to \(name)")
            guard case .record(let record) = try AuditLine(Data(line.utf8)) else {
                Issue.record("no result: \(line)")
                continue
            }
            #expect(record.path == name)
        }
        try tool.endInput()
        #expect(try await tool.line() == nil)
        let end = try await tool.finish()
        #expect(end.status == 2 && !end.stderr.contains("audited"), "\(end.stderr)")
    }

    @Test func changedSettingsAreRefusedAndTheCommandToGoOnIsPrinted() async throws {
        let audit = try AuditFolder()
        try audit.link(3)
        #expect(try await Tool.run(audit.arguments("r.jsonl")).status == 0)
        try audit.write(
            "more.png", Data(contentsOf: Fixtures.repository.appendingPathComponent("samples/images/clean-1.png")))
        for (more, word) in [
            (["--fpr", "0.001"], "results with fpr 0.001"), (["--two-sided"], "results with two-sided true"),
            (["--max-megapixels", "3"], "results with max-megapixels 3"),
            (["--key", "samples/other.key.json"], "results with keys"), (["--shard", "1/2"], "results with shard 1/2"),
        ] {
            let output = try await Tool.run(audit.arguments("r.jsonl", ["--resume"] + more))
            #expect(output.status == 2 && output.stderr.contains(word), "\(output.stderr)")
            #expect(output.stderr.contains("To resume these results: \(Tool.url.path) audit"), "\(output.stderr)")
        }
        #expect(try await Tool.run(audit.arguments("r.jsonl")).status == 2)
        #expect(try audit.records("r.jsonl").count == 3)
        // Also of results that have another name by now: the printed command is run as it stands.
        try FileManager.default.moveItem(atPath: audit.path("r.jsonl"), toPath: audit.path("moved.jsonl"))
        let refused = try await Tool.run(audit.arguments("moved.jsonl", ["--resume", "--fpr", "0.001"]))
        let words = "To resume these results: "
        let line = try #require(refused.errorLines.first { $0.contains(words) })
        let command = try #require(line.components(separatedBy: words).last)
        let arguments = command.split(separator: " ").dropFirst().map(String.init)
        #expect(try await Tool.run(arguments).status == 0, "\(command)")
        #expect(try audit.records("moved.jsonl").count == 4)
        try FileManager.default.moveItem(atPath: audit.path("moved.jsonl"), toPath: audit.path("r.jsonl"))
        #expect(
            try await Tool.run(audit.arguments("r.jsonl", ["--resume", "--threads", "1", "--batch", "2"])).status == 0)
        #expect(try audit.records("r.jsonl").count == 4)
    }

    @Test func shardsConcatenateAndResume() async throws {
        let audit = try AuditFolder()
        try audit.link(24)
        var all = Data()
        for part in 1...3 {
            #expect(try await Tool.run(audit.arguments("part-\(part)", ["--shard", "\(part)/3"])).status == 0)
            all += try Data(contentsOf: URL(fileURLWithPath: audit.path("part-\(part)")))
        }
        try all.write(to: URL(fileURLWithPath: audit.path("all.jsonl")))
        #expect(try await Tool.run(audit.arguments("one.jsonl")).status == 0)
        #expect(try audit.ends("all.jsonl") == audit.ends("one.jsonl"))
        let resumed = try await Tool.run(audit.arguments("all.jsonl", ["--resume"]))
        #expect(resumed.status == 0 && resumed.stdout.contains("24 already had a result"), "\(resumed)")
    }

    @Test(arguments: [
        ["--resume"], ["--repair", "-o", "x"], ["--memory", "1K"], ["--memory", "2X"], ["--memory", "9999999999T"],
        ["--shard", "0/3", "-o", "x"], ["--verify-hash", "-o", "x"],
        ["--no-header", "-o", "x"], ["-"],
    ])
    func usage(_ arguments: [String]) async throws {
        let output = try await Tool.run(["audit", "-", "--key", "samples/demo.key.json"] + arguments)
        #expect(output.status == 64, "\(output.stderr)")
    }

    /// A read-only run with nothing to do: an empty folder is an audit of no images.
    @Test func anEmptyFolder() async throws {
        let audit = try AuditFolder()
        let output = try await Tool.run(audit.arguments("r.jsonl"))
        #expect(output.status == 0 && output.stdout.contains("audited 0 files"), "\(output)")
        #expect(try audit.lines("r.jsonl").count == 1)
    }

    /// `tv_sec * 1e9` of these dates is beyond an Int. A resuming audit knows such a file, and sees that it was touched.
    @Test func filesOfAnyDate() async throws {
        let audit = try AuditFolder()
        let image = try Data(contentsOf: Fixtures.repository.appendingPathComponent("samples/images/clean-1.png"))
        for (name, year) in [("a.png", "2300"), ("b.png", "1901")] {
            try audit.write(name, image)
            #expect(
                try await Tool.run(command: ["touch", "-d", "\(year)-01-01", "\(audit.images)/\(name)"]).status == 0)
        }
        let arguments = audit.arguments("r.jsonl", ["--resume", "--json", "--memory", "2m"])
        let first = try await Tool.run(arguments)
        #expect(first.status == 0 && first.json.first?["written"] as? Int == 2, "\(first)")
        let second = try await Tool.run(arguments)
        #expect(second.status == 0 && second.json.first?["already"] as? Int == 2, "\(second)")
        #expect(try await Tool.run(command: ["touch", "-d", "2301-01-01", "\(audit.images)/a.png"]).status == 0)
        let third = try await Tool.run(arguments)
        #expect(third.status == 0 && third.json.first?["written"] as? Int == 1, "\(third)")
    }

    @Test func aMissingKeyLeavesNoFileBehind() async throws {
        let folder = try TemporaryFolder()
        let output = try await Tool.run([
            "audit", "samples/images", "--key", "no.key.json", "-o", folder.path("r.jsonl"),
        ])
        #expect(output.status == 2 && output.stderr.contains("no.key.json: expected a readable file"), "\(output)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("r.jsonl")))
    }

    @Test func helpTellsOfSourcesAndCodes() async throws {
        let output = try await Tool.run(["audit", "--help"])
        #expect(output.status == 0)
        for word in ["@list.txt", "--resume", "130", "ringkey audit photos/"] { #expect(output.stdout.contains(word)) }
    }
}
