import Files
import Foundation
import InputErrors

/// The `tokenizer.json` of Hugging Face's tokenizers, which transformers writes alone since version 5.
extension CLIPVocabulary {
    private struct Document: Decodable {
        struct Token: Decodable {
            let id: Int
            let content: String
            let singleWord: Bool?
            let lstrip: Bool?
            let rstrip: Bool?
            let normalized: Bool?

            enum CodingKeys: String, CodingKey {
                case id, content, lstrip, rstrip, normalized
                case singleWord = "single_word"
            }
        }

        struct Normalizer: Decodable {
            let type: String
            let normalizers: [Normalizer]?

            var types: [String] { [type] + (normalizers ?? []).flatMap(\.types) }
        }

        struct Model: Decodable {
            let type: String?
            let dropout: Double?
            let suffix: String?
            let prefix: String?
            let byteFallback: Bool?
            let ignoreMerges: Bool?
            let vocab: [String: Int]
            let merges: Merges

            enum CodingKeys: String, CodingKey {
                case type, dropout, vocab, merges
                case suffix = "end_of_word_suffix"
                case prefix = "continuing_subword_prefix"
                case byteFallback = "byte_fallback"
                case ignoreMerges = "ignore_merges"
            }
        }

        /// Pairs of tokens, or, as older versions write them, both in one text.
        enum Merges: Decodable {
            case pairs([[String]])
            case texts([String])

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let pairs = try? container.decode([[String]].self) {
                    self = .pairs(pairs)
                } else {
                    self = .texts(try container.decode([String].self))
                }
            }
        }

        let addedTokens: [Token]?
        let normalizer: Normalizer?
        let model: Model

        enum CodingKeys: String, CodingKey {
            case normalizer, model
            case addedTokens = "added_tokens"
        }
    }

    init(tokenizer url: URL) throws {
        let document = try ModelFile.decode(Document.self, url)
        try Self.requireCLIP(document, url.path)
        let added = try (document.addedTokens ?? []).map { token in
            guard token.singleWord != true, token.lstrip != true, token.rstrip != true else {
                throw InputError(
                    "\(url.path): added_tokens", expected: "no single_word, lstrip or rstrip", found: token.content,
                    as: .modelConfiguration)
            }
            return Added(text: token.content, id: token.id, isNormalized: token.normalized ?? true)
        }
        try self.init(
            ids: document.model.vocab, merges: Self.merges(document.model.merges, "\(url.path): model.merges"),
            added: added, path: url.path, mergesPath: "\(url.path): model.merges")
    }

    private static func merges(_ merges: Document.Merges, _ path: String) throws -> [Merge] {
        switch merges {
        case .texts(let texts): return try texts.enumerated().map { try merge($1, "\(path)[\($0)]") }
        case .pairs(let pairs):
            return try pairs.enumerated().map { index, pair in
                guard pair.count == 2 else {
                    throw InputError(
                        "\(path)[\(index)]", expected: "two tokens", found: "\(pair.count)", as: .modelConfiguration)
                }
                return Merge(left: pair[0], right: pair[1], place: "\(path)[\(index)]")
            }
        }
    }

    /// Refuses what makes other ids of a text than CLIP's byte-level BPE.
    private static func requireCLIP(_ document: Document, _ path: String) throws {
        func refuse(_ member: String, _ expected: String, _ found: String) -> InputError {
            InputError("\(path): \(member)", expected: expected, found: found, as: .modelConfiguration)
        }
        let model = document.model
        guard model.type ?? "BPE" == "BPE" else { throw refuse("model.type", "BPE", model.type ?? "none") }
        guard model.suffix == "</w>", (model.prefix ?? "").isEmpty else {
            throw refuse(
                "model.end_of_word_suffix", "</w> and no continuing_subword_prefix",
                "\(model.suffix ?? "none") and \(model.prefix ?? "none")")
        }
        guard (model.dropout ?? 0) == 0 else { throw refuse("model.dropout", "none", "\(model.dropout ?? 0)") }
        for (name, value) in [("byte_fallback", model.byteFallback), ("ignore_merges", model.ignoreMerges)] {
            if value == true { throw refuse("model.\(name)", "false", "true") }
        }
        let normalizers = Set(document.normalizer?.types ?? [])
        guard normalizers.isSuperset(of: ["NFC", "Lowercase"]),
            normalizers.isSubset(of: ["NFC", "Lowercase", "Replace", "Sequence"])
        else { throw refuse("normalizer", "NFC and Lowercase", normalizers.sorted().joined(separator: ", ")) }
    }
}
