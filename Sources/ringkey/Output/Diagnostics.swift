import Foundation
import InputErrors

/// Errors, warnings and notes, each on one line of stderr. Results never come here.
enum Diagnostics {
    /// A refusal on one line, with what to do about it where that is known.
    static func error(_ error: InputError) {
        let hint = Hint.text(error).map { " (\($0))" } ?? ""
        write("ringkey: \(error)\(hint)")
    }

    static func warning(_ text: String) { write("ringkey: warning: \(text)") }

    static func note(_ text: String) { write("ringkey: \(text)") }

    private static func write(_ line: String) {
        let oneLine = line.split(whereSeparator: \.isNewline).joined(separator: " ")
        StandardError.write(oneLine + "\n")
    }
}
