import Files
import Foundation

/// Everything but results: the only writer to stderr. Where it cannot be written to, nothing else changes.
enum StandardError {
    static func write(_ text: String) {
        var text = text
        _ = text.withUTF8 { OpenDescriptor.write(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
    }
}
