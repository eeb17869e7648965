import Files
import Foundation
import InputErrors
import TestSupport
import Testing

/// The one way from JSON to values.
@Suite struct JSONReaderTests {
    private struct Document: Decodable, Equatable {
        let name: String
        var size: Int?
        var rate: Double?
        var list: [Int]?
    }

    private func read(_ bytes: [UInt8], _ dialect: JSONReader.Dialect = .standard) throws -> Document {
        try JSONReader.decode(Document.self, from: Data(bytes), named: "d.json", dialect: dialect, as: .keyDocument)
    }

    private func refusal(_ text: String, _ dialect: JSONReader.Dialect = .standard) -> String? {
        let error = #expect(throws: InputError.self, "\(text)") { try read(Array(text.utf8), dialect) }
        #expect(error?.code == .keyDocument, "\(text)")
        return error?.description
    }

    @Test func documentsAreRead() throws {
        let text = Array(
            #" {"name": "é\u00e9", "size": 3.0, "rate": 1e-6, "list": [1, 2], "other": {"name": null}} "#.utf8)
        let document = Document(name: "éé", size: 3, rate: 1e-6, list: [1, 2])
        #expect(try read(text) == document && read(UTF8Text.byteOrderMark + text) == document)
        #expect(try read(text, .python) == document)
    }

    /// The decoder's lenient mode, which knows infinity, traps on the first of these.
    @Test func bytesThatAreNoTextAreRefusedWithTheirPlace() throws {
        let minimal = try [UInt8](Data(contentsOf: Fixtures.url("CLI/not-utf-8.json")))
        let cases: [([UInt8], String)] = [
            (minimal, "byte 0xff at offset 1"), ([0x7B, 0xC3, 0x28], "byte 0xc3 at offset 1"),
            (Array(#"{"name": "é"#.utf8) + [0xED, 0xA0, 0x80, 0x22, 0x7D], "byte 0xed at offset 12"),
            (Array(#"{"name": "a"}"#.utf8) + [0xF5], "byte 0xf5 at offset 13"),
            ([0xE2, 0x82], "byte 0xe2 at offset 0"),
            ([0xFF, 0xFE] + Array("{".utf8) + [0], "UTF-16 text"), (Array("{".utf8) + [0, 0x22, 0], "UTF-16 text"),
            ([0, 0x7B], "UTF-16 text"), ([0xFF, 0xFE, 0, 0], "UTF-32 text"),
        ]
        for (bytes, words) in cases {
            for dialect in [JSONReader.Dialect.standard, .python] {
                let error = #expect(throws: InputError.self) { try read(bytes, dialect) }
                #expect(
                    error?.code == .textEncoding && error?.found.contains(words) == true,
                    "\(words): \(error?.found ?? "")")
            }
        }
    }

    @Test(arguments: [
        ("", "d.json: expected a value at byte 0, found the end"),
        (#"{"name": "a""#, "d.json: expected a comma or the object's end at byte 12, found the end"),
        (#"{"name": "a",}"#, "d.json: expected a string at byte 13, found '}'"),
        ("\u{FEFF}{\"name\": 1x}", "d.json: expected a comma or the object's end at byte 13, found 'x'"),
        (#"{"name": "a"} {"#, "d.json: expected nothing after the value at byte 14, found '{'"),
        (#"{name: "a"}"#, "d.json: expected a string at byte 1, found 'n'"),
        (#"{"name": "a" /* b */}"#, "d.json: expected a comma or the object's end at byte 13, found '/'"),
        (#"{"name": "a", "x": {"b": 1, "b": 2}}"#, "d.json: expected each name once at byte 32, found 'b' again"),
        (#"{"name": "a", "x": "\ud800"}"#, "d.json: expected a pair of surrogates before this at byte 26, found '\"'"),
        (#"{"name": "a", "x": 1e999}"#, "d.json: expected a finite number at byte 19, found '1'"),
        (#"{"size": 1}"#, "d.json: expected a member name, found none"),
        (#"{"name": 1}"#, "d.json: name: expected a text, found another type"),
        (#"{"name": null}"#, "d.json: name: expected a text, found null"),
        (#"{"name": "a", "size": "b"}"#, "d.json: size: expected a whole number, found another type"),
        (#"{"name": "a", "rate": "b"}"#, "d.json: rate: expected a number, found another type"),
        (#"{"name": "a", "list": 1}"#, "d.json: list: expected a list, found another type"),
        (#"{"name": "a", "list": [1, "b"]}"#, "d.json: list[1]: expected a whole number, found another type"),
        ("[1]", "d.json: expected an object, found another type"),
    ])
    func refusalsSayWhere(_ text: String, _ message: String) {
        #expect(refusal(text) == message)
        #expect(refusal(text, .python) == message)
    }

    @Test func numbersThatDoNotFitAreRefused() {
        for text in [#"{"name": "a", "size": 1.5}"#, #"{"name": "a", "size": 1e30}"#] {
            #expect(
                refusal(text) == "d.json: expected whole numbers for counts and none too large, found another number")
        }
        #expect(refusal(#"{"name": "a", "size": Infinity}"#, .python) != nil)
        #expect(refusal(#"{"name": "a", "size": NaN}"#, .python) != nil)
    }

    @Test func infinityIsPythonsAlone() throws {
        for (word, value) in [("Infinity", Double.infinity), ("-Infinity", -.infinity)] {
            let text = #"{"name": "a", "rate": \#(word)}"#
            #expect(try read(Array(text.utf8), .python).rate == value)
            #expect(refusal(text)?.contains(" at byte 22") == true)
        }
        #expect(try read(Array(#"{"name": "a", "rate": NaN}"#.utf8), .python).rate?.isNaN == true)
        #expect(refusal(#"{"name": "a", "rate": NaNs}"#, .python)?.contains("found 's'") == true)
        #expect(refusal(#"{"name": "a", "rate": -NaN}"#, .python)?.contains("a number at byte 22") == true)
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> String {
            #"{"name": "a", "x": "# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        }
        #expect(try read(Array(nested(60).utf8)).name == "a")
        #expect(refusal(nested(100_000))?.contains("expected less nesting at byte ") == true)
    }
}
