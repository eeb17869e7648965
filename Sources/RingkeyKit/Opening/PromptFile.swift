import Files
import Foundation
import InputErrors

/// A text file in UTF-8 with one prompt per line; lines may end in LF, CR LF or CR.
public enum PromptFile {
    /// The prompts in order; empty lines at the end are dropped, those between are empty prompts.
    /// - Throws: `InputError` for a file without lines, or in another encoding.
    public static func read(_ path: String) throws -> [String] {
        var lines = try TextLines.split(InputFile.read(path, limit: 64 << 20), named: path)
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else {
            throw InputError(path, expected: "one prompt per line", found: "no lines", as: .empty)
        }
        return lines
    }
}
