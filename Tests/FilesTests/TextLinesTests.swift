import Files
import Foundation
import InputErrors
import TestSupport
import Testing

/// The one splitter of texts into lines.
@Suite struct TextLinesTests {
    @Test(
        arguments: [
            ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\r\n", ["a"]), ("a\r", ["a"]), ("\n", [""]), ("\r\n", [""]),
            ("a\r\nb\nc\rd", ["a", "b", "c", "d"]), ("\n\r", ["", ""]), ("a\r\r\nb", ["a", "", "b"]),
            ("\u{FEFF}a\r\n\r\n b \r\n", ["a", "", " b "]), ("é\u{85}\u{2028}x\u{B}y", ["é\u{85}\u{2028}x\u{B}y"]),
        ] as [(String, [String])])
    func lines(_ text: String, _ expected: [String]) throws {
        #expect(try TextLines.split(Data(text.utf8), named: "t") == expected)
    }

    @Test func otherEncodingsAreRefused() throws {
        for encoding in [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32] {
            let data = try #require("a\r\nb".data(using: encoding))
            let error = #expect(throws: InputError.self) { try TextLines.split(data, named: "t") }
            #expect(error?.code == .textEncoding && error?.found.hasPrefix("UTF-") == true, "\(error?.found ?? "")")
        }
        let error = #expect(throws: InputError.self) { try TextLines.split(Data([0x61, 0x0A, 0xE9]), named: "t") }
        #expect(error?.description == "t: expected UTF-8 text, found byte 0xe9 at offset 2")
    }

    /// Text that is read line by line; a name may begin with the bytes of a mark of UTF-16.
    @Test func firstLinesOfStreamsHaveNoMark() throws {
        let folder = try TemporaryFolder()
        func first(_ bytes: [UInt8], separator: UInt8 = LineReader.lineFeed) throws -> [UInt8]? {
            let reader = try LineReader(
                opening: RawPath(folder.write("l", Data(bytes))), expecting: "lines", isPatient: false,
                separator: separator)
            return try reader.next().map { Array($0.bytes) }
        }
        let mark = UTF8Text.byteOrderMark
        #expect(try first(mark + [0x61, 0x0A]) == [0x61] && first(mark) == [])
        #expect(try first(mark + [0x61, 0], separator: 0) == mark + [0x61])
        #expect(try first([0xFF, 0xFE, 0x2E, 0x70, 0x0A]) == [0xFF, 0xFE, 0x2E, 0x70])
        #expect(refusalCode { try first([0xFF, 0xFE, 0x61, 0, 0x0A, 0]) } == .textEncoding)
        #expect(refusalCode { try first([0x61, 0, 0x62, 0, 0x0A, 0]) } == .textEncoding)
    }
}
