import Evaluation
import Files
import Foundation
import FoundationXML
import Images
import Pictures
import TestSupport
import Testing
import Verdicts

/// What is written: HTML, Markdown, JSON, CSV.
@Suite struct ReportTests {
    private static let hostile = [
        "<script>alert(1)</script>.png", "a\" onerror=\"x.png", "b&lt;|`*_[x](y).png", "\u{202E}gnp.exe",
        "line\nend.png",
        "=HYPERLINK(1),\"x\".png", "</style><img src=x>.png", "${x}\u{0}\u{7}.png",
    ]

    private func hostileReport() throws -> Report {
        let verdicts = Self.hostile.enumerated().map { Samples.verdict($1, log10P: $0 % 2 == 0 ? -9 : -1, l1: 40) }
        let header = AuditHeader(
            tool: "<i>tool", created: "", model: .init(name: "<u>m", path: "/<s>", digest: "x"),
            keys: [.init(id: "<id>", name: "<k>", pattern: "<p>")], settings: ["<set>": "<value>"], shard: nil)
        let failures = AuditFailure.Code.allCases.map { Samples.failure("<em>\($0)", $0) }
        let results = try Samples.results(verdicts + [header] + failures)
        var settings = Samples.settings
        settings.title = "<title> & 'more'"
        settings.prevalence = 0.25
        let labels = Labels(
            Dictionary(
                uniqueKeysWithValues: Self.hostile.enumerated().map {
                    ($1, .init(isMarked: $0 % 5 != 0, group: "<g>\($0 % 2)", key: $0 % 5 != 0 ? "<key>" : nil))
                }))
        return try Report(results, labels: labels, settings: settings)
    }

    /// Every text is escaped: the page parses as XML (save the doctype and void elements), with elements of ours alone.
    @Test func hostileNamesAreText() throws {
        let page = try hostileReport().html()
        let body = try #require(page.range(of: "<body>")).lowerBound
        let end = try #require(page.range(of: "</body>")).upperBound
        let names = ElementNames()
        let parser = XMLParser(data: Data(page[body..<end].utf8))
        parser.delegate = names
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(names.attributes.isDisjoint(with: ["onerror", "onclick", "src", "href"]))
        #expect(
            names.elements.isDisjoint(with: ["script", "img", "i", "u", "s", "em", "k", "id", "key", "a", "style"])
        )
        #expect(names.elements.isSuperset(of: ["section", "table", "svg", "ul"]))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;.png"))
        #expect(page.contains("$&#39;\\u202egnp.exe&#39;") && page.contains("$&#39;line\\nend.png&#39;"))
        #expect(!page.unicodeScalars.contains("\u{202E}") && !page.unicodeScalars.contains("\u{7}"))
        #expect(page.contains("<title>&lt;title&gt; &amp; &#39;more&#39;</title>"))
    }

    /// Nothing is loaded from elsewhere, and nothing runs.
    @Test func thePageIsSelfContained() throws {
        let page = try hostileReport().html()
        for word in ["<script", "<link", "<iframe", "@import", "url(http", "src=\"http", "href="] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("default-src 'none'") && page.contains("prefers-color-scheme: dark"))
        #expect(page.contains("@media print") && page.contains("width=device-width"))
        let ids = page.matches(of: /\bid="([^"]+)"/).map(\.1)
        #expect(Set(ids).count == ids.count && ids.count == 4)
    }

    @Test func markdownKeepsItsTables() throws {
        let text = try hostileReport().markdown()
        let tables = text.components(separatedBy: "\n\n").filter { $0.hasPrefix("|") }
        #expect(tables.count > 3)
        for block in tables {
            let counts = block.split(separator: "\n").map { line in
                line.replacingOccurrences(of: "\\|", with: "").count { $0 == "|" }
            }
            #expect(Set(counts).count == 1, "\(block)")
        }
        #expect(text.contains("\\<script\\>") && !text.contains("<script>"))
        #expect(text.contains("b\\&lt;\\|\\`\\*\\_\\[x\\](y).png"))
    }

    @Test func csvIsReadBack() throws {
        let report = try hostileReport()
        var data = Data()
        try report.writeCSV { data += $0 }
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.hasPrefix("path,verdict,error,p_value,log10_p,score,"))
        // The labels' reader takes the first columns of what was written.
        let folder = try TemporaryFolder()
        var lines = ["path,label"]
        for name in Self.hostile {
            // A formula to a spreadsheet is none below the current folder.
            let name = name.hasPrefix("=") ? "./" + name : name
            let quoted = "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
            let isQuoted = text.contains("\n" + quoted + ",")
            #expect(isQuoted || text.contains("\n" + name + ","), "\(name)")
            lines.append((isQuoted ? quoted : name) + ",1")
        }
        let labels = try Labels(contentsOf: folder.write("l.csv", Data(lines.joined(separator: "\r\n").utf8)))
        #expect(Set(labels.byPath.keys) == Set(Self.hostile.map { RawPath($0) }))
        #expect(text.contains("<em>damaged,,damaged,") && text.contains(",watermarked,<g>1,<key>,scored,\r\n"))
        // Of two clean images one is for fitting.
        #expect(text.components(separatedBy: ",,fitted,\r\n").count == 2)
        #expect(text.components(separatedBy: ",,scored,\r\n").count == 2)
    }

    @Test func jsonHoldsTheFigures() throws {
        let report = try hostileReport()
        let document = try #require(
            try JSONSerialization.jsonObject(with: try report.json()) as? [String: Any])
        #expect(document["format"] as? String == "ringkey.report/1")
        let summary = try #require(document["summary"] as? [String: Any])
        let counts = try #require(summary["counts"] as? [String: Any])
        #expect(counts["images"] as? Int == Self.hostile.count + AuditFailure.Code.allCases.count)
        #expect(counts["failed"] as? Int == AuditFailure.Code.allCases.count)
        let evaluation = try #require(document["evaluation"] as? [String: Any])
        let all = try #require(evaluation["all"] as? [String: Any])
        let score = try #require(all["score"] as? [String: Any])
        #expect(score["auc"] as? Double == report.assessment?.all.score?.auc)
        #expect((score["operating_points"] as? [[String: Any]])?.count == 4)
        #expect((all["precision"] as? [String: Any])?["prevalence"] as? Double == 0.25)
    }

    /// The histogram of p-values is flat for scores that are uniform, and finds are not in it.
    @Test func pValuesOfUnmarkedImagesAreFlat() throws {
        var verdicts = (0..<2000).map { index in
            Samples.verdict("\(index)", log10P: log10((Double(index) + 0.5) / 2000), decision: .notWatermarked)
        }
        verdicts.append(Samples.verdict("find", log10P: -20))
        let report = try Report(Samples.results(verdicts), settings: Samples.settings)
        #expect(report.summary.pValues.count == 20 && report.summary.pValues.reduce(0, +) == 2000)
        #expect(report.summary.pValues.allSatisfy { (99...101).contains($0) }, "\(report.summary.pValues)")
        #expect(abs(report.summary.expectedFalsePositives - 2001e-6) < 1e-12)
        #expect(report.summary.findsByKey == [1])
        #expect(report.assessment == nil)
    }

    @Test func thumbnailsOnlyOfTheFileThatWasJudged() throws {
        let folder = try TemporaryFolder()
        let image = RGBImage(width: 300, height: 200, pixels: [UInt8](repeating: 90, count: 300 * 200 * 3))
        let jpeg = Data(try JPEGEncoder.encode(image, quality: 90))
        let (same, changed, gone) = (folder.path("same.jpg"), folder.path("changed.jpg"), folder.path("gone.jpg"))
        try jpeg.write(to: URL(fileURLWithPath: same))
        try (jpeg.dropLast() + Data([0])).write(to: URL(fileURLWithPath: changed))
        let digest = try sha256(same)
        let verdicts = [same, changed, gone].map { path in
            var verdict = Samples.verdict(path, log10P: -20)
            (verdict.bytes, verdict.sha256) = (jpeg.count, digest)
            return verdict
        }
        var settings = Samples.settings
        let results = try Samples.results(verdicts)
        let page = try Report(results, settings: settings).html()
        #expect(page.matches(of: /<img [^>]*src="data:image\/jpeg;base64,/).count == 1)
        #expect(page.contains("the file has changed since") && page.contains("the file is not there"))
        let encoded = try #require(page.firstMatch(of: /base64,([^"]+)"/)?.1)
        let thumbnail = try ImageDecoder.decode(
            [UInt8](try #require(Data(base64Encoded: String(encoded)))), named: "thumbnail")
        #expect(thumbnail.width == 192 && thumbnail.height == 128)
        settings.thumbnails = 0
        #expect(try !Report(results, settings: settings).html().contains("data:image"))
    }

    private func sha256(_ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        process.arguments = [path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output.prefix(64), as: UTF8.self)
    }
}

/// The names that a parser meets.
private final class ElementNames: NSObject, XMLParserDelegate {
    var elements: Set<String> = []
    var attributes: Set<String> = []

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName: String?,
        attributes attributeDict: [String: String]
    ) {
        elements.insert(elementName)
        attributes.formUnion(attributeDict.keys)
    }
}
