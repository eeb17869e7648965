import Foundation
import InputErrors

/// Lines of texts that are read whole; longer ones go through `LineReader`.
package enum TextLines {
    /// The lines of a text in UTF-8, in order, without their ends: LF, CR LF or CR. An end after the last line begins no
    /// further one; a byte order mark is passed over.
    ///
    /// Bytes are looked at, since a Swift string takes CR LF for one character that is neither.
    /// - Parameter name: stands for the text in errors.
    /// - Throws: `InputError` for text that is not UTF-8.
    package static func split(_ data: Data, named name: String) throws(InputError) -> [String] {
        let body = try UTF8Text.body(of: data, named: name)
        var lines: [String] = []
        var line: [UInt8] = []
        var before: UInt8 = 0
        for byte in body {
            switch byte {
            case 0x0A where before == 0x0D: break
            case 0x0A, 0x0D:
                lines.append(String(decoding: line, as: UTF8.self))
                line.removeAll(keepingCapacity: true)
            default: line.append(byte)
            }
            before = byte
        }
        if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }
}
