import Files
import Foundation
import InputErrors

/// Labels of key rings as users list them, and as files are called after them.
enum LabelList {
    /// The labels in a file, one a line; empty lines are passed over.
    static func read(_ path: String) throws -> [String] {
        let labels = try TextLines.split(InputFile.read(path, limit: 1 << 30), named: path).filter { !$0.isEmpty }
        guard !labels.isEmpty else {
            throw InputError(path, expected: "a list of labels", found: "none", as: .empty)
        }
        return labels
    }

    /// A label as the name of a file: letters, digits, `.`, `_`, `-` and `@` as they are, all else as `%` and hexadecimal
    /// digits of its bytes; a `.` at the beginning too.
    static func fileName(_ label: String) -> String {
        label.utf8.enumerated().map { index, byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80
                && (CharacterSet.alphanumerics.contains(scalar) || "_-@".unicodeScalars.contains(scalar)
                    || (scalar == "." && index > 0))
            return isPlain ? String(scalar) : String(format: "%%%02X", byte)
        }.joined()
    }
}
