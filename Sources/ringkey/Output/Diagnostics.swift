import Foundation
import Tensors

/// The only writer to stderr besides the progress bar. Results never come here.
enum Diagnostics {
    static func error(_ error: InputError) { write("ringkey: \(error)") }

    static func warning(_ text: String) { write("ringkey: warning: \(text)") }

    static func note(_ text: String) { write("ringkey: \(text)") }

    private static func write(_ line: String) {
        let oneLine = line.split(whereSeparator: \.isNewline).joined(separator: " ")
        FileHandle.standardError.write(Data((oneLine + "\n").utf8))
    }
}
