import Foundation
import TestSupport
import Testing

/// `ringkey report` with the real binary.
@Suite(.takesTurns) struct ReportCommandTests {
    private static let key = "samples/demo.key.json"
    private static let marked = ["samples/images/marked-1.png", "samples/images/marked-2.png"]
    private static let clean = ["samples/images/clean-1.png", "samples/images/clean-2.png"]

    /// Results of the samples, as `verify` prints them.
    private func results(_ images: [String], in folder: TemporaryFolder, _ name: String) async throws -> String {
        let output = try await Tool.run(["verify", "--json", "--quiet", "--steps", "10", "--key", Self.key] + images)
        #expect(output.json.count == images.count, "\(output.stderr)")
        return try folder.write(name, Data(output.stdout.utf8))
    }

    /// ringkey report r.jsonl -o report.html --labels labels.csv --prevalence 0.01 --csv … --json … --markdown …
    @Test func everyOutputAndNoSecret() async throws {
        let folder = try TemporaryFolder()
        let results = try await results(Self.marked + Self.clean, in: folder, "r.jsonl")
        let rows = Self.marked.map { "\($0),watermarked,demo" } + Self.clean.map { "\($0),clean," }
        let labels = try folder.write("labels.csv", Data((["path,label,key"] + rows).joined(separator: "\n").utf8))
        let outputs = ["report.html", "r.csv", "r.json", "r.md"].map(folder.path)
        let run = try await Tool.run([
            "report", results, "-o", outputs[0], "--labels", labels, "--prevalence", "0.01", "--csv", outputs[1],
            "--json",
            outputs[2], "--markdown", outputs[3], "--title", "Samples & more",
        ])
        #expect(run.status == 0 && run.stderr.isEmpty, "\(run.stderr)")
        #expect(run.stdout == "4 images: 2 watermarked, 2 not, 0 undecided, 0 failed\n")
        let texts = try outputs.map { try String(contentsOfFile: $0, encoding: .utf8) }
        #expect(texts[0].contains("<h1>Samples &amp; more</h1>"))
        #expect(texts[0].components(separatedBy: "src=\"data:image/jpeg;base64,").count == 3)
        #expect(texts[1].split(whereSeparator: \.isNewline).count == 5)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(texts[2].utf8)) as? [String: Any])
        let all = try #require((json["evaluation"] as? [String: Any])?["all"] as? [String: Any])
        #expect((all["score"] as? [String: Any])?["auc"] as? Double == 1)
        #expect(texts[3].contains("| demo \\(a4b2e0aaf40f4ea7)") || texts[3].contains("| demo (a4b2e0aaf40f4ea7)"))
        let document = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: Fixtures.repository.appendingPathComponent(Self.key))) as? [String: Any])
        let secret = try #require(document["secret"] as? String)
        #expect(secret.count >= 64 && texts.allSatisfy { !$0.contains(secret) })
    }

    @Test func positivesAndNegatives() async throws {
        let folder = try TemporaryFolder()
        let marked = try await results(Self.marked, in: folder, "p.jsonl")
        let clean = try await results(Self.clean, in: folder, "n.jsonl")
        let output = folder.path("r.json")
        let run = try await Tool.run(["report", "--positives", marked, "--negatives", clean, "--json", output])
        #expect(run.status == 0, "\(run.stderr)")
        #expect(try String(contentsOfFile: output, encoding: .utf8).contains("\"auc\" : 1,"))
        let same = try await Tool.run([
            "report", "--positives", marked, "--negatives", marked, "-o", folder.path("x.html"),
        ])
        #expect(same.status == 2 && same.stderr.contains("the same file in both"))
    }

    @Test(
        arguments: [
            ["report"], ["report", "r.jsonl"], ["report", "-o", "x.html"],
            ["report", "r.jsonl", "-o", "a", "--csv", "a"],
            ["report", "r.jsonl", "-o", "a", "--prevalence", "0.5"], ["report", "r.jsonl", "-o", "a", "--lables", "x"],
            ["report", "r.jsonl", "-o", "a", "--labels", "l", "--prevalence", "2"],
            ["report", "--positives", "a", "-o", "x"],
            ["report", "r.jsonl", "--positives", "a", "--negatives", "b", "-o", "x"],
            ["report", "-", "-", "-o", "a"], ["report", "r.jsonl", "-o", "a", "--thumbnails", "-1"],
        ]) func usage(_ arguments: [String]) async throws
    {
        let run = try await Tool.run(arguments)
        #expect(run.status == 64, "\(run.stderr)")
        #expect(run.stderr.contains("Usage: ringkey report"))
    }

    @Test func badInputLeavesNothingBehind() async throws {
        let folder = try TemporaryFolder()
        let output = folder.path("report.html")
        for (name, content, expected) in [
            ("none.jsonl", nil, "no such file"), ("empty.jsonl", "", "an empty file"),
            ("text.jsonl", "hello\n", "text.jsonl, line 1: expected an object, found hello"),
            ("image.jsonl", "\u{89}PNG\r\n", "line 1: expected an object"),
        ] as [(String, String?, String)] {
            if let content { try folder.write(name, Data(content.utf8)) }
            let run = try await Tool.run(["report", folder.path(name), "-o", output])
            #expect(run.status == 2 && run.errorLines.count == 1 && run.stderr.contains(expected), "\(run.stderr)")
            #expect(try !folder.names.contains("report.html"))
        }
        let folderRun = try await Tool.run(["report", folder.url.path, "-o", output])
        #expect(folderRun.status == 2 && folderRun.stderr.contains("found a folder"))
    }

    @Test func anExistingReportIsKept() async throws {
        let folder = try TemporaryFolder()
        let line = #"{"format":"ringkey.error/1","path":"a.png","code":"empty","expected":"x","found":"y"}"#
        let results = try folder.write("r.jsonl", Data((line + "\n" + line.prefix(30)).utf8))
        let output = try folder.write("report.html", Data("mine".utf8))
        let refused = try await Tool.run(["report", results, "-o", output])
        #expect(refused.status == 2 && refused.stderr.contains("--force"))
        #expect(try String(contentsOfFile: output, encoding: .utf8) == "mine")
        let forced = try await Tool.run(["report", results, "-o", output, "--force"])
        #expect(forced.status == 0 && forced.stdout == "1 images: 0 watermarked, 0 not, 0 undecided, 1 failed\n")
        #expect(forced.stderr.contains("warning") && forced.stderr.contains("the last line, 2, is torn"))
        #expect(try String(contentsOfFile: output, encoding: .utf8).contains("a.png (y)"))
    }
}
