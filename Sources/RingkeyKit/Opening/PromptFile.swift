import Files
import Foundation
import InputErrors

/// A text file in UTF-8 with one prompt per line; lines may end in LF, CR LF or CR.
public enum PromptFile {
    /// The prompts in order; empty lines at the end are dropped, those between are empty prompts.
    /// - Throws: `InputError` for a file without lines, of another kind, or in another encoding.
    public static func read(_ path: String) throws -> [String] {
        let content = try InputFile.read(path, limit: 64 << 20)
        var lines = try TextLines.split(content, named: path)
        // Prompts are printed, and a key named by mistake must not be.
        if let found = TextBeginning.otherKind(content.prefix(4096), separator: LineReader.lineFeed) {
            throw InputError(path, expected: "one prompt per line", found: found, as: .notAList)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else {
            throw InputError(path, expected: "one prompt per line", found: "no lines", as: .empty)
        }
        return lines
    }
}
