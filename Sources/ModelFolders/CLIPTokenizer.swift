import Foundation
import InputErrors

/// CLIP's byte-level BPE tokenizer (Radford et al. 2021; byte-pair encoding after Sennrich et al. 2016), read from
/// `vocab.json` and `merges.txt`, or from `tokenizer.json`, and from `tokenizer_config.json`.
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
    /// Tokens that are taken out of the text as it is written, the longest first.
    private let specials: [Special]
    /// Tokens that are taken out of it in NFC and lower case.
    private let normalizedSpecials: [Special]
    /// Ids of the 256 bytes inside a word and at its end; nil where the vocabulary has none.
    private let inner: [Int?]
    private let last: [Int?]
    private let merges: [Pair: Merge]

    private struct Pair: Hashable { let left, right: Int }
    private struct Merge { let rank, id: Int }
    private struct Special {
        let scalars: [Unicode.Scalar]
        let id: Int
    }

    /// Reads a folder's tokenizer.
    /// - Parameters:
    ///   - vocabulary: of the folder.
    ///   - settings: of the folder.
    ///   - lengthLimit: the text encoder's number of positions, which the length must not exceed.
    /// - Throws: `InputError` for special tokens or merges that the vocabulary does not have.
    init(_ vocabulary: CLIPVocabulary, _ settings: CLIPTokenizerSettings, lengthLimit: Int?) throws {
        start = try vocabulary.id(settings.start)
        end = try vocabulary.id(settings.end)
        padding = try vocabulary.id(settings.padding)
        unknown = try vocabulary.id(settings.unknown)
        let listed = Set(vocabulary.added.map(\.text))
        let named = try Set([settings.start, settings.end, settings.padding, settings.unknown]).subtracting(listed).map
        {
            CLIPVocabulary.Added(text: $0, id: try vocabulary.id($0), isNormalized: false)
        }
        specials = Self.specials((vocabulary.added + named).filter { !$0.isNormalized }) { Array($0.unicodeScalars) }
        normalizedSpecials = Self.specials(vocabulary.added.filter(\.isNormalized)) {
            CLIPWords.normalized(Array($0.unicodeScalars))
        }
        let letters = Self.byteLetters
        inner = letters.map { vocabulary.ids[$0] }
        last = letters.map { vocabulary.ids[$0 + "</w>"] }
        merges = try Self.ranked(vocabulary)
        vocabularySize = vocabulary.size
        maximumLength = min(settings.maximumLength, lengthLimit ?? settings.maximumLength)
        guard (2...1 << 16).contains(maximumLength) else {
            throw InputError(
                settings.path, expected: "a model_max_length from 2 to 65536", found: "\(maximumLength)",
                as: .modelConfiguration)
        }
    }

    private static func specials(
        _ added: [CLIPVocabulary.Added], _ scalars: (String) -> [Unicode.Scalar]
    ) -> [Special] {
        added.map { Special(scalars: scalars($0.text), id: $0.id) }.filter { !$0.scalars.isEmpty }
            .sorted { ($0.scalars.count, $0.id) > ($1.scalars.count, $1.id) }
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
        Self.split(Array(text.unicodeScalars), at: specials, into: &ids) { plain, ids in
            Self.split(CLIPWords.normalized(plain), at: normalizedSpecials, into: &ids) { plain, ids in
                for word in CLIPWords(normalized: plain) where ids.count < limit { merge(word, into: &ids) }
            }
        }
        return Array(ids.prefix(limit))
    }

    /// Appends the ids of special tokens in a text, and has `encode` append those of what lies between.
    private static func split(
        _ scalars: [Unicode.Scalar], at specials: [Special], into ids: inout [Int],
        encode: ([Unicode.Scalar], inout [Int]) -> Void
    ) {
        var plain: [Unicode.Scalar] = []
        var index = 0
        while index < scalars.count {
            if let special = specials.first(where: { scalars[index...].starts(with: $0.scalars) }) {
                encode(plain, &ids)
                plain.removeAll()
                ids.append(special.id)
                index += special.scalars.count
            } else {
                plain.append(scalars[index])
                index += 1
            }
        }
        encode(plain, &ids)
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

    private static func ranked(_ vocabulary: CLIPVocabulary) throws -> [Pair: Merge] {
        var merges: [Pair: Merge] = [:]
        for (rank, merge) in vocabulary.merges.enumerated() {
            guard let left = vocabulary.ids[merge.left], let right = vocabulary.ids[merge.right],
                let id = vocabulary.ids[merge.left + merge.right]
            else {
                throw InputError(
                    merge.place, expected: "two tokens of the vocabulary that join to a third",
                    found: "\(merge.left) \(merge.right)", as: .modelConfiguration)
            }
            let pair = Pair(left: left, right: right)
            if merges[pair] == nil { merges[pair] = Merge(rank: rank, id: id) }
        }
        return merges
    }
}
