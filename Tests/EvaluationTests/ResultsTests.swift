import Evaluation
import Files
import Foundation
import InputErrors
import TestSupport
import Testing
import Verdicts

/// Reading results.
@Suite struct ResultsTests {
    private func read(_ text: String) throws -> Results {
        let folder = try TemporaryFolder()
        return try Results(contentsOf: [folder.write("r.jsonl", Data(text.utf8))])
    }

    private func error(_ text: String) throws -> InputError {
        try #require(#expect(throws: InputError.self) { try read(text) })
    }

    @Test func everyFigureArrives() throws {
        let verdict = Samples.verdict("a \u{1F600} \"b\"\\/\n.png", log10P: -30, cosine: 0.3, l1: 40.5)
        let results = try read(
            Samples.line(Samples.header) + Samples.line(verdict) + Samples.line(Samples.failure("bad.png", .empty)))
        #expect(results.images.map(\.path) == [verdict.path, "bad.png"])
        #expect(results.images[1].outcome == .failed(.empty, "<b>half of one</b>"))
        let judgement = try #require(results.images[0].judgement)
        #expect(judgement.decision == .watermarked && judgement.log10P == -30 && judgement.hypotheses == 1)
        #expect(judgement.referenceL1 == 40.5 && judgement.referenceP == 0.405)
        #expect(judgement.rate == 1e-6 && judgement.bytes == 1234 && judgement.seconds == 0.25)
        #expect(judgement.digest.description == verdict.sha256)
        #expect(judgement.findings == FindingSet(.imageResampled) && judgement.looksTaken == 1)
        #expect(results.keys == Samples.keys && results.models == [Samples.model] && results.tools == ["ringkey test"])
        #expect(results.calibrations.map(\.images) == [64] && judgement.calibration == 0)
        #expect(results.audits == [Samples.header] && results.warnings.isEmpty)
    }

    /// A corrected p-value of 1 hides the score; it comes back from the cosine. One-sided, d = 1392.
    @Test func scoresBeyondOneAreRecovered() throws {
        let text = try Samples.line(Samples.verdict("a", log10P: -0.2, cosine: 0.01, keysTried: 2))
        let judgement = try #require(try read(text).images[0].judgement)
        let p = try #require(judgement.log10P)
        // 0.01·√1392 = 0.373 standard deviations of a normal: 0.3545; the cosine's own tail differs by less than 1e-3.
        #expect(abs(pow(10, p) - 0.3545) < 1e-3)
        #expect(abs(try #require(judgement.log10Corrected) - p - log10(2)) < 1e-12)
        #expect(abs(try #require(judgement.uniformP) - (1 - pow(1 - pow(10, p), 2))) < 1e-12)
        #expect(judgement.keysTried == 2)
    }

    /// A line that contradicts itself, a full match with a p-value of 1, gave a score of -∞, which no report can hold.
    @Test func scoresAreFinite() throws {
        let results = try read(Samples.line(Samples.verdict("a", log10P: 0, cosine: 1)))
        #expect(try #require(results.images[0].judgement).log10P == -99999)
        #expect(try !Report(results, settings: Samples.settings).json().isEmpty)
    }

    @Test func calibrationsOfLessThanNothingAreRefused() throws {
        let line = try Samples.line(Samples.verdict("a", log10P: -1, cosine: 0.1))
        #expect(line.contains("\"images\":64"))
        let error = try error(line.replacingOccurrences(of: "\"images\":64", with: "\"images\":-1"))
        #expect(error.subject.hasSuffix("r.jsonl, line 1") && error.expected.hasPrefix("calibration.images: "))
        #expect(error.found == "-1" && error.code == .resultsLine)
    }

    /// Of keys whose p-values were cut at 1 the verdict names any; the best one counts.
    @Test func theBestOfCutKeysIsFound() throws {
        var verdict = Samples.verdict("a", log10P: -0.2, cosine: -0.08, keysTried: 2)
        #expect(verdict.scores[1].cosine == -0.05)
        let results = try Samples.results([verdict])
        #expect(results.keys[try #require(results.images[0].judgement).key].name == "other")
        verdict.scores[1].cosine = -0.09
        let other = try Samples.results([verdict])
        #expect(other.keys[try #require(other.images[0].judgement).key].name == "demo")
    }

    /// As an editor on Windows saves them.
    @Test func byteOrderMarksAndCarriageReturnsAreTaken() throws {
        let lines = try Samples.line(Samples.header) + Samples.line(Samples.verdict("a", log10P: -9))
        let windows = "\u{FEFF}" + lines.replacingOccurrences(of: "\n", with: "\r\n") + "\r\n"
        let results = try read(windows)
        #expect(results.images.map(\.path) == ["a"] && results.audits == [Samples.header] && results.warnings.isEmpty)
        let folder = try TemporaryFolder()
        let wide = try folder.write("u.jsonl", #require(lines.data(using: .utf16)))
        let error = #expect(throws: InputError.self) { try Results(contentsOf: [wide]) }
        #expect(error?.code == .textEncoding && error?.found == "UTF-16 text")
    }

    @Test func theLastLineOfAPathWins() throws {
        let results = try read(
            Samples.line(Samples.verdict("a", log10P: -1)) + Samples.line(Samples.failure("b"))
                + Samples.line(Samples.failure("a")) + Samples.line(Samples.verdict("b", log10P: -9)))
        #expect(results.images.map(\.path) == ["a", "b"])
        #expect(results.images[0].judgement == nil && results.images[1].judgement?.log10P == -9)
        #expect(results.superseded == 2)
    }

    /// Two names that Strings call equal are two files, as are two that look the same for lack of UTF-8.
    @Test func namesAreToldByTheirBytes() throws {
        func record(_ path: String, _ rawPath: [UInt8]?) -> AuditRecord {
            AuditRecord(.failure(Samples.failure(path)), stamp: nil, rawPath: rawPath.map { RawPath(bytes: $0) })
        }
        let records = [
            record("e\u{301}", nil), record("\u{E9}", nil), record("\u{FFFD}", [0xFF]), record("\u{FFFD}", [0xFE]),
            record("\u{FFFD}", nil),
        ]
        let results = try Samples.results(records + records)
        #expect(results.images.count == 5 && results.superseded == 5)
        #expect(results.images.map { RawPath($0.path) } == records.map(\.name))
    }

    @Test func aTornLastLineIsLeftOut() throws {
        let line = try Samples.line(Samples.verdict("b", log10P: -9))
        for length in [1, 20, line.utf8.count / 2, line.utf8.count - 2] {
            let results = try read(Samples.line(Samples.verdict("a", log10P: -1)) + line.prefix(length))
            #expect(results.images.count == 1)
            #expect(results.warnings.count == 1 && results.warnings.allSatisfy { $0.contains("line, 2, is torn") })
        }
        // Complete but for its newline, it is whole.
        #expect(try read(line + line.dropLast()).superseded == 1)
    }

    @Test func whatIsNoResultIsRefusedByFileAndLine() throws {
        let good = try Samples.line(Samples.verdict("a", log10P: -1))
        for (bad, expected) in [
            ("not json\n", "an object"), ("{\"format\":\"ringkey.verdict/1\"\n", "comma"), ("[1]\n", "an object"),
            ("{}\n", "format"), ("{\"format\":\"other/1\"}\n", "ringkey.audit/1"),
            ("{\"format\":\"ringkey.verdict/1\"}\n", "path"),
            (
                good.replacingOccurrences(of: "not_watermarked", with: "maybe"),
                "watermarked, not_watermarked, undecided"
            ),
            (good.replacingOccurrences(of: "\"fpr\":1e-06", with: "\"fpr\":1e999"), "finite number"),
            (good.replacingOccurrences(of: "\"fpr\":1e-06", with: "\"fpr\":\"x\""), "a number"),
            (String(good.dropLast()) + good, "nothing after"),
            (String(repeating: "[", count: 100_000) + "\n", "an object"),
            ("{\"x\":" + String(repeating: "[", count: 100_000) + "\n", "less nesting"),
        ] {
            let error = try error(good + bad + good)
            #expect(error.code == .resultsLine && error.subject.hasSuffix("r.jsonl, line 2"), "\(error)")
            #expect(error.expected.contains(expected), "\(error)")
        }
        let empty = try error("")
        #expect(empty.code == .empty && empty.found == "an empty file")
    }

    @Test func foldersDevicesAndMissingFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        for (path, found, code) in [
            (folder.url.path, "a folder", .notAFile), ("/dev/zero", "a device or socket", .notAFile),
            (folder.path("none"), "no such file", .missing),
        ] as [(String, String, InputError.Code)] {
            let error = try #require(#expect(throws: InputError.self) { try Results(contentsOf: [path]) })
            #expect(error.code == code && error.subject == path && error.found.contains(found), "\(error)")
        }
    }

    /// Lines longer than the reader's buffer, and a file of many buffers.
    @Test func longLinesAndLongFiles() throws {
        let long = String(repeating: "x", count: 9_000_000)
        var text = try Samples.line(Samples.verdict(long, log10P: -1))
        for index in 0..<4000 { text += try Samples.line(Samples.verdict("image-\(index).png", log10P: -1)) }
        let results = try read(text)
        #expect(results.images.count == 4001 && results.images[0].path.utf8.count == 9_000_000)
        #expect(results.images.last?.path == "image-3999.png")
        #expect(results[path: "image-77.png"]?.judgement?.log10P == -1)
    }
}
