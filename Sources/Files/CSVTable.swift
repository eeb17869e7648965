import Foundation
import InputErrors

/// Comma-separated values after RFC 4180: fields may stand in quotation marks, which then may hold commas, line ends and
/// doubled quotation marks. Lines may end in LF, CRLF or CR, and a byte order mark is passed over. Where the first line has
/// more semicolons or tabs than commas outside quotation marks, those separate, as spreadsheets write them in many countries.
///
/// What is not UTF-8 is kept, as `RawPath.text` has it: a field may be the name of a file.
package struct CSVTable {
    /// One record with the line that it begins on, from 1.
    package struct Row {
        package let line: Int
        package let fields: [String]
    }

    package let rows: [Row]

    /// - Throws: `InputError` that names file and line for a quotation mark out of place, and for UTF-16.
    package init(_ data: Data, named name: String) throws {
        var rows: [Row] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var state = State.start
        var (line, firstLine) = (1, 1)
        func fail(_ found: String) -> InputError {
            InputError(
                "\(name), line \(line)", expected: "comma-separated values (RFC 4180)", found: found, as: .damaged)
        }
        func endField() {
            fields.append(RawPath(bytes: field).text)
            field.removeAll(keepingCapacity: true)
            state = .start
        }
        func endRow() {
            endField()
            if fields != [""] { rows.append(Row(line: firstLine, fields: fields)) }
            fields = []
        }
        if let other = UTF8Text.otherEncoding(data.prefix(4)) {
            throw InputError(name, expected: "UTF-8 text", found: other, as: .textEncoding)
        }
        let bytes = [UInt8](data)
        let separator = Self.separator(bytes)
        var index = bytes.starts(with: UTF8Text.byteOrderMark) ? UTF8Text.byteOrderMark.count : 0
        while index < bytes.count {
            let byte = bytes[index]
            let isCRLF = byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
            let endsLine = byte == 0x0A || byte == 0x0D && !isCRLF
            index += 1
            switch (state, byte) {
            case (.quoted, UInt8(ascii: "\"")): state = .closed
            case (.quoted, _): field.append(byte)
            case (.closed, UInt8(ascii: "\"")):
                field.append(byte)
                state = .quoted
            case (.start, UInt8(ascii: "\"")): state = .quoted
            case (.plain, UInt8(ascii: "\"")): throw fail("a quotation mark inside a field without")
            case (_, separator): endField()
            case (_, _) where endsLine: endRow()
            case (_, 0x0D) where isCRLF: break
            case (.closed, _): throw fail("text after a closing quotation mark")
            default:
                field.append(byte)
                state = .plain
            }
            if endsLine {
                line += 1
                if state != .quoted { firstLine = line }
            }
        }
        if state == .quoted { throw fail("no closing quotation mark") }
        if state != .start || !fields.isEmpty || !field.isEmpty { endRow() }
        self.rows = rows
    }

    /// What stands most often in the first line outside quotation marks; a comma where nothing else does.
    private static func separator(_ bytes: [UInt8]) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A || byte == 0x0D { break }
            counts[byte, default: 0] += 1
        }
        return [",", ";", "\t"].map { UInt8(ascii: $0) }.reduce(UInt8(ascii: ",")) { best, other in
            counts[other, default: 0] > counts[best, default: 0] ? other : best
        }
    }

    private enum State { case start, plain, quoted, closed }

    /// A field as it is written: in quotation marks where it needs them.
    package static func quoted(_ field: String) -> String {
        let needsMarks =
            field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } || field.utf8.first == 0x20
            || field.utf8.last == 0x20
        guard needsMarks else { return field }
        // By bytes: as characters, a quotation mark with an accent on it is none.
        let doubled = field.utf8.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] }
        return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
    }
}
