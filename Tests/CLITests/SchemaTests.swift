import Foundation
import TensorFiles
import TestSupport
import Testing

/// What the tool writes, against the schemas that are published.
@Suite(.takesTurns) struct SchemaTests {
    private static let key = ["--key", "samples/demo.key.json"]

    /// Checks some lines, and that there is one of each format.
    private func expectValid(_ text: String, formats: Set<String>) throws {
        var found: Set<String> = []
        for line in text.split(separator: "\n") {
            let violations = try PublishedSchemas.violations(Data(line.utf8))
            #expect(violations == [], "\(line)")
            let document = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
            if case .string(let format)? = document["format"] { found.insert(format) }
        }
        #expect(found == formats)
    }

    @Test func verdicts() async throws {
        let images = ["marked-1.png", "clean-1.png"].map { "samples/images/\($0)" }
        for options in [[], ["--decoys", "0", "--calibration", "none", "--all-looks"]] {
            // ringkey verify samples/images/marked-1.png … --key samples/demo.key.json --json
            let output = try await Tool.run(["verify", "--json"] + images + Self.key + options)
            try expectValid(output.stdout, formats: ["ringkey.verdict/1"])
        }
    }

    /// A key of the Tree-Ring package has no secret, and one of zeros no p-value.
    @Test func keysOfThePackage() async throws {
        let folder = try TemporaryFolder()
        for kind in ["rand", "zeros"] {
            let path = folder.path("\(kind).key.json")
            let array = Fixtures.url("CLI/0a1b_3_10_\(kind).npy").path
            let imported = try await Tool.run(["key", "import", array, "-o", path])
            #expect(imported.status == 0, "\(imported.stderr)")
            #expect(try PublishedSchemas.violations(Data(contentsOf: URL(fileURLWithPath: path))) == [])
            let output = try await Tool.run(["verify", "samples/images/clean-2.png", "--json", "--key", path])
            try expectValid(output.stdout, formats: ["ringkey.verdict/1"])
        }
        let path = folder.path("own.key.json")
        #expect(try await Tool.run(["keygen", "-o", path]).status == 0)
        #expect(try PublishedSchemas.violations(Data(contentsOf: URL(fileURLWithPath: path))) == [])
    }

    @Test func auditsAndReports() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("in"), withIntermediateDirectories: true)
        for name in ["marked-1.png", "marked-2.png", "clean-1.png", "clean-2.png"] {
            try FileManager.default.copyItem(
                atPath: Fixtures.repository.appendingPathComponent("samples/images/\(name)").path,
                toPath: folder.path("in/\(name)"))
        }
        for name in ["torn.png", "empty.png"] {
            try folder.write("in/\(name)", Data(name.prefix(name == "torn.png" ? 4 : 0).utf8))
        }
        // ringkey audit in --key samples/demo.key.json -o r.jsonl --json
        let results = folder.path("r.jsonl")
        let audit = try await Tool.run(["audit", folder.path("in"), "-o", results, "--json"] + Self.key)
        try expectValid(audit.stdout, formats: ["ringkey.audit-summary/1"])
        try expectValid(
            String(contentsOfFile: results, encoding: .utf8),
            formats: ["ringkey.audit/1", "ringkey.verdict/1", "ringkey.error/1"])

        let rows = ["marked-1", "marked-2", "clean-1", "clean-2"].map { name in
            "\(folder.path("in"))/\(name).png,\(name.hasPrefix("marked") ? "watermarked,a,demo" : "clean,,")"
        }
        let labels = try folder.write(
            "labels.csv", Data((["path,label,group,key"] + rows).joined(separator: "\n").utf8))
        for (name, options) in [("bare", []), ("labelled", ["--labels", labels, "--prevalence", "0.01"])] {
            // ringkey report r.jsonl -o report.html --json report.json
            let json = folder.path("\(name).json")
            let report = try await Tool.run(
                ["report", results, "-o", folder.path("\(name).html"), "--json", json] + options)
            #expect(report.status == 0, "\(report.stderr)")
            #expect(try PublishedSchemas.violations(Data(contentsOf: URL(fileURLWithPath: json))) == [])
        }
    }
}
