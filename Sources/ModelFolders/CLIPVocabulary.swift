import Files
import Foundation
import InputErrors

/// What the files of a CLIP tokenizer hold, in whichever form: `vocab.json` and `merges.txt`, or `tokenizer.json`.
struct CLIPVocabulary {
    /// Two tokens that join to a third, and where they stand.
    struct Merge {
        let left: String
        let right: String
        let place: String
    }

    /// A token that is taken out of the text before it is split into words.
    struct Added {
        let text: String
        let id: Int
        /// Whether it is looked for in the text in NFC and lower case, or as it is written.
        let isNormalized: Bool
    }

    /// Ids by token.
    let ids: [String: Int]
    /// The most important first.
    let merges: [Merge]
    /// Only `tokenizer.json` has any.
    var added: [Added] = []
    /// The file of the tokens, for errors.
    let path: String

    /// Reads `vocab.json` and `merges.txt`, or else `tokenizer.json`.
    /// - Returns: nil where the folder has neither.
    /// - Throws: `InputError` naming the file that is damaged or cannot be followed.
    static func read(_ folder: URL) throws -> CLIPVocabulary? {
        func file(_ name: String) -> URL? {
            let url = folder.appendingPathComponent(name)
            return FileManager.default.fileExists(atPath: url.path) ? url : nil
        }
        if let tokens = file("vocab.json"), let merges = file("merges.txt") {
            return try CLIPVocabulary(tokens: tokens, merges: merges)
        }
        return try file("tokenizer.json").map(CLIPVocabulary.init(tokenizer:))
    }

    /// - Throws: `InputError` for ids out of range, or no merges: then no file was understood.
    init(ids: [String: Int], merges: [Merge], added: [Added] = [], path: String, mergesPath: String) throws {
        for (token, id) in ids.map({ ($0, $1) }) + added.map({ ($0.text, $0.id) }) where !(0..<1 << 24).contains(id) {
            throw InputError(
                path, expected: "ids from 0 to 2^24 - 1", found: "\(id) for \(token)", as: .modelConfiguration)
        }
        guard !merges.isEmpty else {
            throw InputError(mergesPath, expected: "at least one merge", found: "none", as: .modelConfiguration)
        }
        self.ids = ids
        self.merges = merges
        self.added = added
        self.path = path
    }

    private init(tokens: URL, merges: URL) throws {
        let lines = try TextLines.split(ModelFile.read(merges), named: merges.path)
        let pairs = try lines.enumerated().compactMap { number, line in
            line.isEmpty || number == 0 && line.hasPrefix("#version")
                ? nil : try Self.merge(line, "\(merges.path): line \(number + 1)")
        }
        try self.init(
            ids: ModelFile.decode([String: Int].self, tokens), merges: pairs, path: tokens.path,
            mergesPath: merges.path)
    }

    /// Two tokens with a space between them.
    static func merge(_ text: String, _ place: String) throws -> Merge {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 2 else {
            throw InputError(
                place, expected: "two tokens with a space between them", found: String(text.prefix(60)),
                as: .modelConfiguration)
        }
        return Merge(left: parts[0], right: parts[1], place: place)
    }

    /// The id of a token.
    func id(_ token: String) throws -> Int {
        guard let id = ids[token] ?? added.first(where: { $0.text == token })?.id else {
            throw InputError(path, expected: "the token \(token)", found: "none", as: .modelConfiguration)
        }
        return id
    }

    /// A token of an id.
    func token(_ id: Int) -> String? { added.first { $0.id == id }?.text ?? ids.first { $0.value == id }?.key }

    /// One more than the largest id.
    var size: Int { (added.map(\.id) + ids.values).reduce(-1, max) + 1 }
}
