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

    /// What the argument parser says of a mistake, on several lines.
    static func usage(_ text: String) {
        if !text.isEmpty { StandardError.write(text + "\n") }
    }

    private static func write(_ line: String) {
        StandardError.write(Printable.text(line) + "\n")
    }
}
