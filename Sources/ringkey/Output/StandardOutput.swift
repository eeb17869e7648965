import Files
import Foundation
import InputErrors

/// Results: the only writer to stdout. What cannot be written in full is an error.
enum StandardOutput {
    /// Writes lines, all of them in one call of `write(2)` where the system takes as much.
    static func write(lines: String...) throws { try write(lines: lines) }

    /// Writes lines, all of them in one call of `write(2)` where the system takes as much.
    /// - Throws: `InputError` where they could not be written in full.
    static func write(lines: [String]) throws {
        var text = lines.joined(separator: "\n") + "\n"
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// Writes bytes. Ends the process where nobody reads them any more, as other programs are ended by SIGPIPE.
    /// - Throws: `InputError` where they could not be written in full.
    static func write(_ bytes: UnsafeRawBufferPointer) throws {
        let code = OpenDescriptor.write(bytes, to: STDOUT_FILENO)
        if code == EPIPE { FatalSignals.endByBrokenPipe() }
        guard code == 0 else {
            throw InputError(
                "stdout", expected: code == EBADF ? "an open output" : "room for the results",
                found: code == EBADF ? "a closed one" : systemMessage(code), as: .notWritable)
        }
    }
}
