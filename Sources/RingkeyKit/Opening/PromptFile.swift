import Files
import Foundation
import InputErrors

/// A text file with one prompt per line.
public enum PromptFile {
    /// The prompts in order; empty lines at the end are dropped, those between are empty prompts.
    /// - Throws: `InputError` for a file without lines.
    public static func read(_ path: String) throws -> [String] {
        let text = String(decoding: try InputFile.read(path, limit: 64 << 20), as: UTF8.self)
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else {
            throw InputError(path, expected: "one prompt per line", found: "no lines", as: .empty)
        }
        return lines
    }
}
