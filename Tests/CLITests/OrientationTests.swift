import Foundation
import TestSupport
import Testing

/// A marked picture whose pixels were turned and tagged, from the file to the report.
@Suite(.takesTurns) struct OrientationTests {
    private static let key = "samples/demo.key.json"
    private static let turned = Fixtures.url("CLI/turned.jpg").path

    @Test func verifyFindsTheMarkInThePictureAsItIsShown() async throws {
        let plain = ["--key", Self.key, "--search", "none"]
        let output = try await Tool.run(["verify", Self.turned, "--json"] + plain)
        #expect(output.status == 0, "\(output.stderr)")
        let verdict = try #require(output.json.first)
        #expect(verdict["verdict"] as? String == "watermarked" && verdict["hypotheses"] as? Int == 6)
        let findings = try #require(verdict["findings"] as? [[String: Any]])
        let finding = try #require(findings.first { $0["code"] as? String == "orientation_tag" })
        #expect((finding["message"] as? String)?.hasSuffix("the mark was found in the picture as it is shown") == true)
        let text = try await Tool.run(["verify", Self.turned] + plain)
        #expect(text.stdout.contains("4 of 6, none/0, plain, orientation 6"), "\(text.stdout)")
        let table = try await Tool.run(["verify", Self.turned, "samples/images/marked-6.png"] + plain)
        #expect(table.stdout.contains("corrected for 3 to 6 hypotheses"), "\(table.stdout)")
    }

    /// A search turns the stored pixels itself, before the shown ones are tried.
    @Test func aSearchFindsTheMarkInTheStoredPixels() async throws {
        let output = try await Tool.run(["verify", Self.turned, "--key", Self.key, "--json"])
        let verdict = try #require(output.json.first, "\(output.stderr)")
        #expect(output.status == 0 && verdict["look"] as? Int == 2 && verdict["looks_planned"] as? Int == 10)
        let degrees = try #require((verdict["placement"] as? [String: Any])?["degrees"] as? Double)
        #expect(abs(degrees - 90) < 1)
        let findings = try #require(verdict["findings"] as? [[String: Any]])
        let tag = findings.first { $0["code"] as? String == "orientation_tag" }?["message"] as? String
        #expect(tag?.hasSuffix("the mark was found in the pixels as they are stored") == true)
    }

    @Test func auditAndReportCarryIt() async throws {
        let folder = try TemporaryFolder()
        let results = folder.path("r.jsonl")
        let audit = try await Tool.run(["audit", Self.turned, "--key", Self.key, "-o", results, "--quiet"])
        #expect(audit.status == 0, "\(audit.stderr)")
        let json = folder.path("r.json")
        let report = try await Tool.run(["report", results, "-o", folder.path("r.html"), "--json", json])
        #expect(report.status == 0, "\(report.stderr)")
        #expect(report.stdout == "1 images: 1 watermarked, 0 not, 0 undecided, 0 failed\n")
        #expect(try String(contentsOfFile: json, encoding: .utf8).contains("\"orientation_tag\""))
    }
}
