import Foundation

/// The special tokens and the length that a tokenizer folder names: `special_tokens_map.json` before
/// `tokenizer_config.json`, as transformers reads them (Stable Diffusion 2 pads with `!` only in the former).
struct CLIPTokenizerSettings {
    let start: String
    let end: String
    let padding: String
    let unknown: String
    let maximumLength: Int

    init(folder: URL) throws {
        let configuration = try ModelFile.decode(Tokens.self, folder.appendingPathComponent("tokenizer_config.json"))
        let mapURL = folder.appendingPathComponent("special_tokens_map.json")
        let map =
            FileManager.default.fileExists(atPath: mapURL.path) ? try ModelFile.decode(Tokens.self, mapURL) : Tokens()
        start = map.start?.content ?? configuration.start?.content ?? "<|startoftext|>"
        end = map.end?.content ?? configuration.end?.content ?? "<|endoftext|>"
        padding = map.padding?.content ?? configuration.padding?.content ?? "<|endoftext|>"
        unknown = map.unknown?.content ?? configuration.unknown?.content ?? "<|endoftext|>"
        // transformers writes 1e30 where the length is unlimited.
        maximumLength = Int(min(max(configuration.maximumLength ?? 77, 0), 1e9))
    }

    private struct Tokens: Decodable {
        var start: Token?
        var end: Token?
        var padding: Token?
        var unknown: Token?
        var maximumLength: Double?

        enum CodingKeys: String, CodingKey {
            case start = "bos_token"
            case end = "eos_token"
            case padding = "pad_token"
            case unknown = "unk_token"
            case maximumLength = "model_max_length"
        }
    }

    /// A token is written as its text or as an object with the text as `content`.
    private struct Token: Decodable {
        let content: String

        private enum CodingKeys: String, CodingKey { case content }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                content = text
            } else {
                content = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .content)
            }
        }
    }
}
