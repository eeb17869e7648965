import Foundation
import Tensors

/// A text file with one prompt a line.
enum PromptFile {
    /// The prompts in order; empty lines at the end are dropped, those between are empty prompts.
    /// - Throws: `InputError` for a file without a line.
    static func read(_ path: String) throws -> [String] {
        let text = String(decoding: try InputFile.read(path, limit: 64 << 20), as: UTF8.self)
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { throw InputError(path, expected: "one prompt a line", found: "no line") }
        return lines
    }
}
