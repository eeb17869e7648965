import Files
import Foundation
import InputErrors
import TestSupport
import Testing
import Verdicts

/// The one reader of lines of results.
@Suite struct ResultReaderTests {
    private func entries(_ text: String, takesUnterminated: Bool = true) throws -> [String] {
        let folder = try TemporaryFolder()
        let lines = try LineReader(
            opening: RawPath(folder.write("r.jsonl", Data(text.utf8))), expecting: "results", isPatient: false)
        let reader = ResultReader(lines, takesUnterminated: takesUnterminated)
        var entries: [String] = []
        while let entry = try reader.next() {
            let content =
                switch entry.content {
                case .result(.header(let header)): "header of \(header.tool)"
                case .result(.verdict(let line)): "\(line.file.path) \(line.decision)"
                case .result(.failure(let line)): "\(line.file.path) \(line.code)"
                case .blank: "blank"
                case .torn: "torn"
                }
            entries.append("\(entry.number) \(entry.end) \(content)")
        }
        return entries
    }

    private func line(_ document: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(document), as: UTF8.self) + "\n"
    }

    /// Reads a verdict with some members changed; `NSNull` takes one away.
    private func judged(_ changes: [String: Any], check: (JudgedLine) throws -> Void = { _ in }) throws {
        var object = try Documents.object(AuditRecord(.verdict(Documents.verdict), stamp: nil))
        for (name, value) in changes { object[name] = value is NSNull ? nil : value }
        let json = Array(try JSONSerialization.data(withJSONObject: object))
        try json.withUnsafeBufferPointer { bytes in
            guard case .verdict(let line) = try ResultLine(bytes) else {
                Issue.record("no verdict")
                return
            }
            try check(line)
        }
    }

    @Test func linesOfAllKinds() throws {
        let (header, verdict, failure) = (
            try line(Documents.header), try line(Documents.verdict), try line(Documents.failure)
        )
        let ends = [header, verdict, failure].reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.utf8.count) }
        let whole = [
            "1 \(ends[1]) header of ringkey 0.1.0", "2 \(ends[2]) photos/a.png watermarked",
            "3 \(ends[3]) b.png damaged",
        ]
        #expect(try entries(header + verdict + failure) == whole)
        #expect(
            try entries(header + " \t\r\n" + verdict.dropLast())[1...] == [
                "2 \(ends[1] + 4) blank", "3 \(ends[2] + 3) photos/a.png watermarked",
            ])
        // Whoever goes on writing the file drops a line without its end, whole or not.
        for length in [1, verdict.utf8.count / 2, verdict.utf8.count - 1] {
            let torn = "2 \(ends[1] + length) torn"
            #expect(try entries(header + verdict.prefix(length), takesUnterminated: false)[1...] == [torn])
            #expect(try (entries(header + verdict.prefix(length))[1] == torn) == (length < verdict.utf8.count - 1))
        }
        let error = #expect(throws: InputError.self) { try entries(header + verdict.dropLast(2) + "\n" + failure) }
        #expect(error?.code == .resultsLine && error?.subject.hasSuffix("r.jsonl, line 2") == true)
    }

    @Test func figuresArrive() throws {
        let stamp = FileStamp(size: 1, modified: 1_795_602_934_379_453_179)
        let object = try Documents.object(AuditRecord(.verdict(Documents.verdict), stamp: stamp))
        try judged(object) { line in
            #expect(line.file.path == "photos/a.png" && line.file.stamp == stamp && line.file.rawPath == nil)
            #expect(line.digest.description == Documents.digest && line.bytes == 18728)
            #expect(line.own.log10P == -48.4 && line.own.cosine == 0.379 && line.own.dimension == 1392)
            #expect(line.scores.count == 1 && line.scores[0].log10P == -48.4)
            #expect(line.hypotheses == 3 && line.looksTaken == 1 && !line.isTwoSided && line.rate == 1e-6)
            #expect(line.reference.l1 == 40.5 && line.reference.pValue == 0.01)
            #expect(line.findings == [FindingSet(.imageResampled)] && line.tool == "ringkey 0.1.0")
            #expect(line.seconds == 0.25 && line.calibration != nil)
        }
    }

    /// A name that is no text comes back in full.
    @Test func namesOfAnyBytes() throws {
        let name: [UInt8] = [0x61, 0xFF, 0x62]
        try judged(["path": "a\u{FFFD}b", "path_base64": Data(name).base64EncodedString()]) { line in
            #expect(line.file.name == RawPath(bytes: name) && line.file.path == "a\u{FFFD}b")
        }
        try judged(["path": NSNull(), "path_base64": Data(name).base64EncodedString()]) { line in
            #expect(line.file.path == "a\u{FFFD}b")
        }
    }

    /// Ends of ranges are taken, what lies beyond is refused by the member's name.
    @Test func figuresOutOfRangeAreRefused() throws {
        let score: (Any) -> [[String: Any]] = { [["key": ["id": "x"], "log10_p": $0]] }
        for (name, good, bad) in [
            ("fpr", [Double.leastNonzeroMagnitude, 0.999], [0, 1, -1e-6, 2]),
            ("hypotheses", [1, 1_000_000], [0, -1, 1.5]),
            ("log10_p", [0, -99999], [0.001, -99999.5, -1e308]), ("bytes", [0], [-1]), ("dimension", [1], [0, -3]),
            ("seconds", [0, 1e9], [-1, 1e10]), ("cosine", [-1, 1], [-1.1, 1.1, 1e308]),
            ("p_value", [0, 1], [-1, 1.5]),
            ("reference", [["l1": 0, "p_value": 1]], []), ("reference.l1", [], [["l1": -1]]),
            ("reference.p_value", [], [["p_value": -1], ["p_value": 2]]),
            ("stamp", [["size": 0, "modified": -1]], []), ("stamp.size", [], [["size": -1, "modified": 0]]),
            ("sha256", [Documents.digest], ["", "x", "+" + Documents.digest.dropFirst()]),
            ("verdict", ["undecided"], ["maybe", ""]), ("scores", [score(-1), []], [score(1), score(-1e9)]),
            ("path", [""], [NSNull()]), ("model", [["digest": "x"]], [NSNull()]),
        ] as [(String, [Any], [Any])] {
            let changed = String(name.prefix { $0 != "." })
            for value in good { try judged([changed: value]) }
            for value in bad {
                do {
                    try judged([changed: value])
                    Issue.record("\(name) \(value) was taken")
                } catch let error as InputError {
                    let member = name == "scores" ? "log10_p" : name
                    #expect(error.code == .resultsLine && error.subject == member, "\(error)")
                } catch let error as JSONScanner.Malformed {
                    #expect(error.expected == "an integer" && name == "hypotheses", "\(name) \(value): \(error)")
                }
            }
        }
    }

    @Test func membersOfOtherTypesAreRefused() throws {
        for (name, value, words) in [
            ("fpr", "x", "a number"), ("path", 1, "a string"), ("bytes", "1", "a number"), ("looks", 1, "an array"),
            ("two_sided", 1, "true or false"), ("stamp", ["size": 1], "size and modified"),
            ("path_base64", "?", "Base64"), ("scores", [1], "an object"), ("findings", ["x"], "an object"),
        ] as [(String, Any, String)] {
            let error = #expect(throws: JSONScanner.Malformed.self) { try judged([name: value]) }
            #expect(error?.expected.contains(words) == true, "\(name): \(String(describing: error))")
        }
    }

    @Test func everyFindingHasItsOwnBit() {
        let sets = Verdict.Finding.Code.allCases.map { FindingSet($0) }
        #expect(Set(sets).count == sets.count && sets.allSatisfy { $0.rawValue.nonzeroBitCount == 1 })
    }
}
