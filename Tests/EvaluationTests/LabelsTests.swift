import Evaluation
import Foundation
import Tensors
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
            ("", "content"), ("\n", "column names"), ("path\na\n", "columns"), ("path,label,grp\n", "columns"),
            ("path,label,label\n", "columns"), ("path,label\na,maybe\n", "watermarked, clean"),
            ("path,label\na\n", "2 fields"), ("path,label\n,1\n", "a path"), ("path,label\na,1\na,0\n", "one label"),
            ("path,label\n\"a,1\n", "RFC 4180"), ("path,label\na\"b,1\n", "RFC 4180"),
            ("path,label\n\"a\"b,1\n", "RFC 4180"),
        ]) func mistakesAreNamed(_ text: String, _ expected: String) throws
    {
        let error = try #require(#expect(throws: InputError.self) { try read(text) })
        #expect(error.expected.contains(expected), "\(error)")
    }

    /// The line is that of the record's beginning, also after fields of several lines.
    @Test func linesAreCounted() throws {
        let error = try #require(
            #expect(throws: InputError.self) { try read("path,label\n\"a\n\nb\",1\nc,2\n") })
        #expect(error.subject.hasSuffix("labels.csv, line 5"), "\(error)")
    }

    @Test func otherBytesThanUTF8AreRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("l.csv", Data("path,label\n".utf8) + Data([0xFF, 0xFE, 0x2C, 0x31]))
        #expect(throws: InputError.self) { try Labels(contentsOf: path) }
    }
}
