import Evaluation
import Files
import Foundation
import InputErrors
import TestSupport
import Testing

/// Labels and the CSV they come in.
@Suite struct LabelsTests {
    private func read(_ text: String) throws -> Labels {
        let folder = try TemporaryFolder()
        return try Labels(contentsOf: folder.write("labels.csv", Data(text.utf8)))
    }

    @Test func allColumnsAndQuoting() throws {
        let labels = try read(
            "\u{FEFF}label,path,key,group\r\n"
                + "watermarked,\"a, \"\"b\"\"\nc.png\",demo,\"jpeg, 50\"\r\n0,./d.png,,\r\nClean,e.png,,jpeg\r\n\r\n1,f.png,,"
        )
        #expect(labels.byPath.count == 4)
        #expect(labels["a, \"b\"\nc.png"] == .init(isMarked: true, group: "jpeg, 50", key: "demo"))
        #expect(labels["d.png"] == .init(isMarked: false) && labels["./d.png"] == labels["d.png"])
        #expect(labels["e.png"] == .init(isMarked: false, group: "jpeg"))
        #expect(labels["f.png"] == .init(isMarked: true) && labels["g.png"] == nil)
    }

    @Test(
        arguments: [
            ("", "content", InputError.Code.empty), ("\n", "column names", .labels), ("path\na\n", "columns", .labels),
            ("path,label,grp\n", "columns", .labels), ("path,label,label\n", "columns", .labels),
            ("path,label\na,maybe\n", "watermarked, clean", .labels), ("path,label\na\n", "2 fields", .labels),
            ("path,label\n,1\n", "a path", .labels), ("path,label\na,1\na,0\n", "one label", .labels),
            ("path,label\n\"a,1\n", "RFC 4180", .damaged), ("path,label\na\"b,1\n", "RFC 4180", .damaged),
            ("path,label\n\"a\"b,1\n", "RFC 4180", .damaged),
        ]) func mistakesAreNamed(_ text: String, _ expected: String, _ code: InputError.Code) throws
    {
        let error = try #require(#expect(throws: InputError.self) { try read(text) })
        #expect(error.expected.contains(expected), "\(error)")
        #expect(error.code == code, "\(error)")
    }

    /// The line is that of the record's beginning, also after fields of several lines.
    @Test func linesAreCounted() throws {
        let error = try #require(
            #expect(throws: InputError.self) { try read("path,label\n\"a\n\nb\",1\nc,2\n") })
        #expect(error.code == .labels && error.subject.hasSuffix("labels.csv, line 5"), "\(error)")
    }

    /// As spreadsheets write them: other separators, other line ends, other words.
    @Test(arguments: [",", ";", "\t"], ["\n", "\r\n", "\r"]) func spreadsheets(_ separator: String, _ end: String)
        throws
    {
        let rows = [
            ["path", "label", "group"], ["\"a;,b.png\"", "TRUE", "x"], ["c.png", "false", "\"y\t,;\""],
            ["d.png", "Yes", ""], ["e.png", "no", ""], ["f.png", "marked", ""], ["g.png", "unmarked", ""],
        ]
        let text = "\u{FEFF}" + rows.map { $0.joined(separator: separator) + end }.joined()
        let labels = try read(text)
        #expect(labels.byPath.count == 6)
        #expect(labels["a;,b.png"] == .init(isMarked: true, group: "x"))
        #expect(labels["c.png"] == .init(isMarked: false, group: "y\t,;"))
        #expect(["d", "e", "f", "g"].map { labels["\($0).png"]?.isMarked } == [true, false, true, false])
        let error = #expect(throws: InputError.self) { try read(text + "h.png\(separator)2\(separator)") }
        #expect(error?.subject.hasSuffix("labels.csv, line 8") == true && error?.found == "2")
    }

    /// A report finds the label of an image by the file, where one of the two paths is absolute.
    @Test func pathsMayStartElsewhere() throws {
        var header = Samples.header
        header.folder = "/data/run"
        func report(_ path: String, _ label: String) throws -> Report {
            let folder = try TemporaryFolder()
            let lines = try Samples.line(header) + Samples.line(Samples.verdict(path, log10P: -9))
            let results = try Results(contentsOf: [folder.write("r.jsonl", Data(lines.utf8))])
            return try Report(results, labels: Labels([label: .init(isMarked: true)]), settings: Samples.settings)
        }
        for (path, label) in [
            ("a.png", "/data/run/a.png"), ("./in/a.png", "/data/run/in/a.png"), ("../in/./a.png", "/data/in/a.png"),
            ("/data/run/in/a.png", "in/a.png"), ("/data/run/a.png", "./a.png"), ("a.png", "a.png"),
        ] { #expect(try report(path, label).warnings.isEmpty, "\(path) \(label)") }
        for (path, label) in [
            ("a.png", "/data/a.png"), ("/data/runs/a.png", "s/a.png"), ("/elsewhere/a.png", "a.png"),
        ] { #expect(refusalCode { try report(path, label) } == .labels, "\(path) \(label)") }
    }

    @Test func otherBytesThanUTF8AreRefused() throws {
        let folder = try TemporaryFolder()
        for (head, row) in [("path,label,group\n", "a,1,"), ("path,", ""), ("path,label\na,", "")] {
            let path = try folder.write("l.csv", Data((head + row).utf8) + Data([0xFF, 0xFE]))
            let error = #expect(throws: InputError.self) { try Labels(contentsOf: path) }
            #expect(error?.code == .textEncoding && error?.expected == "UTF-8 text", "\(head)")
        }
        let utf16 = try #require("path,label\n".data(using: .utf16))
        let other = #expect(throws: InputError.self) { try Labels(contentsOf: folder.write("u.csv", utf16)) }
        #expect(other?.code == .textEncoding && other?.found == "UTF-16 text")
    }

    /// Names of files are bytes: two that Strings call equal are two, and so are two that are not UTF-8.
    @Test func pathsAreToldByTheirBytes() throws {
        let folder = try TemporaryFolder()
        let names: [[UInt8]] = [
            Array("caf\u{E9}".utf8), Array("cafe\u{301}".utf8), [0xFF], [0x2E, 0x2F, 0xFE], [0x22, 0xCC, 0x81],
        ]
        var csv = Data("path,label\n".utf8)
        for (index, name) in names.enumerated() {
            csv += RawPath(CSVTable.quoted(RawPath(bytes: name).text) + ",\(index % 2)\n").bytes
        }
        let labels = try Labels(contentsOf: folder.write("l.csv", csv))
        #expect(labels.byPath.count == names.count)
        for (index, name) in names.enumerated() {
            #expect(labels[RawPath(bytes: name).text]?.isMarked == (index % 2 == 1), "\(name)")
        }
    }
}
