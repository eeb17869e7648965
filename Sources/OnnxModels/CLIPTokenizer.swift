import Foundation
import Tensors

/// CLIP's byte-pair encoding (Radford et al. 2021) from `vocab.json` and `merges.txt`: lower case, white space folded,
/// words by CLIP's pattern, bytes as printable characters, `</w>` at each word's end.
struct CLIPTokenizer: Sendable {
    private struct Pair: Hashable {
        let left: String
        let right: String
    }

    /// Tokens of an encoded prompt, its start, end and padding included.
    let length: Int
    private let vocabulary: [String: Int]
    private let ranks: [Pair: Int]
    private let start: Int
    private let end: Int
    private let padding: Int
    private let unknown: Int

    /// - Parameter folder: `tokenizer/` of a model folder.
    init(folder: String, length: Int) throws {
        let vocabularyPath = folder + "/vocab.json"
        let data = try InputFile.read(vocabularyPath, limit: 64 << 20)
        guard let vocabulary = try? JSONDecoder().decode([String: Int].self, from: data) else {
            throw InputError(vocabularyPath, expected: "an object of tokens and numbers", found: "other content")
        }
        let merges = String(decoding: try InputFile.read(folder + "/merges.txt", limit: 64 << 20), as: UTF8.self)
        var ranks: [Pair: Int] = [:]
        for line in merges.split(whereSeparator: \.isNewline) where !line.hasPrefix("#version") {
            let parts = line.split(separator: " ")
            guard parts.count == 2 else {
                throw InputError(folder + "/merges.txt", expected: "two tokens a line", found: String(line))
            }
            ranks[Pair(left: String(parts[0]), right: String(parts[1]))] = ranks.count
        }
        func number(_ token: String) throws -> Int {
            guard let number = vocabulary[token] else {
                throw InputError(vocabularyPath, expected: "a token \(token)", found: "none")
            }
            return number
        }
        let configuration = try? JSONDecoder().decode(
            TokenizerConfiguration.self, from: InputFile.read(folder + "/tokenizer_config.json", limit: 1 << 20))
        start = try number("<|startoftext|>")
        end = try number("<|endoftext|>")
        padding = try number(configuration?.padToken?.content ?? "<|endoftext|>")
        unknown = try number(configuration?.unkToken?.content ?? "<|endoftext|>")
        self.vocabulary = vocabulary
        self.ranks = ranks
        self.length = length
    }

    /// The numbers of a prompt's tokens, cut or padded to `length`.
    func encode(_ prompt: String) -> [Int64] {
        var tokens = [start]
        for word in Self.words(prompt) { tokens += merged(word).map { vocabulary[$0] ?? unknown } }
        tokens = Array(tokens.prefix(length - 1)) + [end]
        return (tokens + [Int](repeating: padding, count: length - tokens.count)).map(Int64.init)
    }

    /// CLIP's pattern: contractions, runs of letters, single digits, runs of anything else but space.
    static func words(_ text: String) -> [String] {
        let scalars = Array(text.precomposedStringWithCanonicalMapping.lowercased().unicodeScalars)
        let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map { Array($0.unicodeScalars) }
        func isLetter(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
            default: false
            }
        }
        func isNumber(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType != nil && !isLetter(scalar) }
        var words: [String] = []
        var position = 0
        while position < scalars.count {
            let rest = scalars[position...]
            var length = 1
            if scalars[position].properties.isWhitespace {
                position += 1
                continue
            } else if let contraction = contractions.first(where: { rest.starts(with: $0) }) {
                length = contraction.count
            } else if isLetter(scalars[position]) {
                length = rest.prefix(while: isLetter).count
            } else if !isNumber(scalars[position]) {
                length = rest.prefix { !$0.properties.isWhitespace && !isLetter($0) && !isNumber($0) }.count
            }
            words.append(String(String.UnicodeScalarView(rest.prefix(length))))
            position += length
        }
        return words
    }

    private func merged(_ word: String) -> [String] {
        var parts = word.utf8.map { String(Self.byteCharacters[Int($0)]) }
        guard let last = parts.popLast() else { return [] }
        parts.append(last + "</w>")
        while parts.count > 1 {
            var best: (rank: Int, pair: Pair)?
            for (left, right) in zip(parts, parts.dropFirst()) {
                let pair = Pair(left: left, right: right)
                if let rank = ranks[pair], rank < best?.rank ?? .max { best = (rank, pair) }
            }
            guard let pair = best?.pair else { break }
            var next: [String] = []
            var index = 0
            while index < parts.count {
                if index + 1 < parts.count, parts[index] == pair.left, parts[index + 1] == pair.right {
                    next.append(pair.left + pair.right)
                    index += 2
                } else {
                    next.append(parts[index])
                    index += 1
                }
            }
            parts = next
        }
        return parts
    }

    /// GPT-2's printable stand-in for each byte.
    private static let byteCharacters: [Character] = {
        var shifted = 256
        return (0..<256).map { byte in
            let isPrintable = (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte)
            defer { shifted += isPrintable ? 0 : 1 }
            return Unicode.Scalar(isPrintable ? byte : shifted).map(Character.init) ?? "?"
        }
    }()
}

/// The special tokens of `tokenizer_config.json`, each a string or an object with its content.
private struct TokenizerConfiguration: Decodable {
    struct Token: Decodable {
        let content: String

        private enum CodingKeys: CodingKey { case content }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                content = text
            } else {
                content = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .content)
            }
        }
    }

    let padToken: Token?
    let unkToken: Token?

    enum CodingKeys: String, CodingKey {
        case padToken = "pad_token"
        case unkToken = "unk_token"
    }
}
