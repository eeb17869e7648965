import Foundation
import InputErrors

/// CLIP's byte-level BPE tokenizer (Radford et al. 2021; byte-pair encoding after Sennrich et al. 2016), read from
/// `vocab.json`, `merges.txt` and `tokenizer_config.json`.
///
/// Gives what transformers' `CLIPTokenizer` gives with `padding="max_length", truncation=True`: special tokens are
/// taken out of the raw text; the rest is put in NFC and lower case and split into words (`CLIPWords`); each word's UTF-8
/// bytes are merged by rank, the last one bearing `</w>`.
public struct CLIPTokenizer: Sendable {
    /// Ids in every encoding, the start and end tokens included.
    public let maximumLength: Int
    /// One more than the largest id.
    public let vocabularySize: Int

    private let start: Int
    private let end: Int
    private let padding: Int
    private let unknown: Int
    private let specials: [(scalars: [Unicode.Scalar], id: Int)]
    /// Ids of the 256 bytes inside a word and at its end; nil where the vocabulary has none.
    private let inner: [Int?]
    private let last: [Int?]
    private let merges: [Pair: Merge]

    private struct Pair: Hashable { let left, right: Int }
    private struct Merge { let rank, id: Int }

    /// Reads the tokenizer's files.
    /// - Parameters:
    ///   - folder: with `vocab.json`, `merges.txt` and `tokenizer_config.json`.
    ///   - lengthLimit: the text encoder's number of positions, which the length must not exceed.
    public init(folder: URL, lengthLimit: Int? = nil) throws {
        let settings = try CLIPTokenizerSettings(folder: folder)
        let vocabularyURL = folder.appendingPathComponent("vocab.json")
        let vocabulary = try ModelFile.decode([String: Int].self, vocabularyURL)
        func id(_ token: String) throws -> Int {
            guard let id = vocabulary[token] else {
                throw InputError(
                    vocabularyURL.path, expected: "the token \(token)", found: "none", as: .modelConfiguration)
            }
            return id
        }
        for (token, id) in vocabulary where !(0..<1 << 24).contains(id) {
            throw InputError(
                vocabularyURL.path, expected: "ids from 0 to 2^24 - 1", found: "\(id) for \(token)",
                as: .modelConfiguration)
        }
        start = try id(settings.start)
        end = try id(settings.end)
        padding = try id(settings.padding)
        unknown = try id(settings.unknown)
        specials = try Set([settings.start, settings.end, settings.padding, settings.unknown])
            .sorted { ($0.unicodeScalars.count, $0) > ($1.unicodeScalars.count, $1) }
            .map { (Array($0.unicodeScalars), try id($0)) }
        let letters = Self.byteLetters
        inner = letters.map { vocabulary[$0] }
        last = letters.map { vocabulary[$0 + "</w>"] }
        merges = try Self.readMerges(folder.appendingPathComponent("merges.txt"), vocabulary)
        vocabularySize = (vocabulary.values.max() ?? 0) + 1
        maximumLength = min(settings.maximumLength, lengthLimit ?? settings.maximumLength)
        guard (2...1 << 16).contains(maximumLength) else {
            throw InputError(
                folder.appendingPathComponent("tokenizer_config.json").path,
                expected: "a model_max_length from 2 to 65536", found: "\(maximumLength)", as: .modelConfiguration)
        }
    }

    /// `maximumLength` ids: the start token, the text's tokens as far as they fit, the end token, padding.
    public func encode(_ text: String) -> [Int] {
        var ids = [start]
        ids.append(contentsOf: tokens(of: text, atMost: maximumLength - 2))
        ids.append(end)
        ids.append(contentsOf: repeatElement(padding, count: maximumLength - ids.count))
        return ids
    }

    /// The text's own tokens, the first `limit` of them.
    private func tokens(of text: String, atMost limit: Int) -> [Int] {
        var ids: [Int] = []
        var plain: [Unicode.Scalar] = []
        func flush() {
            for word in CLIPWords(plain) where ids.count < limit { merge(word, into: &ids) }
            plain.removeAll()
        }
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count, ids.count < limit {
            if let special = specials.first(where: { scalars[index...].starts(with: $0.scalars) }) {
                flush()
                ids.append(special.id)
                index += special.scalars.count
            } else {
                plain.append(scalars[index])
                index += 1
            }
        }
        flush()
        return Array(ids.prefix(limit))
    }

    /// Appends a word's tokens. Each pass merges every occurrence of the pair of lowest rank.
    private func merge(_ word: String, into ids: inout [Int]) {
        let bytes = Array(word.utf8)
        var symbols = bytes.dropLast().map { inner[Int($0)] ?? unknown }
        if let byte = bytes.last { symbols.append(last[Int(byte)] ?? unknown) }
        while symbols.count > 1 {
            var best: (pair: Pair, merge: Merge)?
            for (left, right) in zip(symbols, symbols.dropFirst()) {
                let pair = Pair(left: left, right: right)
                if let merge = merges[pair], merge.rank < (best?.merge.rank ?? .max) { best = (pair, merge) }
            }
            guard let best else { break }
            var merged: [Int] = []
            var index = 0
            while index < symbols.count {
                if index + 1 < symbols.count, symbols[index] == best.pair.left, symbols[index + 1] == best.pair.right {
                    merged.append(best.merge.id)
                    index += 2
                } else {
                    merged.append(symbols[index])
                    index += 1
                }
            }
            symbols = merged
        }
        ids.append(contentsOf: symbols)
    }

    /// The printable letter that stands for each byte: itself where it is printable Latin-1, otherwise the next free one
    /// from U+0100.
    private static let byteLetters: [String] = {
        var next: UInt32 = 0x100
        return (0..<256).map { (byte: UInt32) in
            let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
            var code = byte
            if !isPrintable {
                code = next
                next += 1
            }
            return Unicode.Scalar(code).map { String($0) } ?? ""
        }
    }()

    private static func readMerges(_ url: URL, _ vocabulary: [String: Int]) throws -> [Pair: Merge] {
        guard let text = String(data: try ModelFile.read(url), encoding: .utf8) else {
            throw InputError(url.path, expected: "UTF-8 text", found: "other bytes", as: .modelConfiguration)
        }
        var merges: [Pair: Merge] = [:]
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || number == 0 && line.hasPrefix("#version") { continue }
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 2, let left = vocabulary[parts[0]], let right = vocabulary[parts[1]],
                let id = vocabulary[parts[0] + parts[1]]
            else {
                throw InputError(
                    "\(url.path): line \(number + 1)", expected: "two tokens of the vocabulary that join to a third",
                    found: String(line.prefix(60)), as: .modelConfiguration)
            }
            let pair = Pair(left: left, right: right)
            if merges[pair] == nil { merges[pair] = Merge(rank: number, id: id) }
        }
        return merges
    }
}
