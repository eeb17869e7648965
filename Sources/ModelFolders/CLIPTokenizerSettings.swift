import Foundation
import InputErrors

/// The special tokens and the length that a tokenizer folder names: `special_tokens_map.json` before
/// `tokenizer_config.json`, as transformers reads them (Stable Diffusion 2 pads with `!` only in the former).
struct CLIPTokenizerSettings {
    let start: String
    let end: String
    let padding: String
    let unknown: String
    let maximumLength: Int
    /// The file of the length, for errors.
    let path: String

    /// - Parameters:
    ///   - folder: of the tokenizer.
    ///   - vocabulary: of that folder.
    ///   - encoder: the text encoder, for what a folder without `tokenizer_config.json` leaves open.
    /// - Throws: `InputError` for a damaged file, and where nothing names the padding token.
    init(folder: URL, _ vocabulary: CLIPVocabulary, encoder: ModelConfiguration.Text) throws {
        func tokens(_ name: String) throws -> Tokens? {
            let url = folder.appendingPathComponent(name)
            return FileManager.default.fileExists(atPath: url.path) ? try ModelFile.decode(Tokens.self, url) : nil
        }
        let map = try tokens("special_tokens_map.json")
        let configuration = try tokens("tokenizer_config.json")
        path = folder.appendingPathComponent("tokenizer_config.json").path
        start = map?.start?.content ?? configuration?.start?.content ?? "<|startoftext|>"
        end = map?.end?.content ?? configuration?.end?.content ?? "<|endoftext|>"
        unknown = map?.unknown?.content ?? configuration?.unknown?.content ?? "<|endoftext|>"
        let named = map?.padding?.content ?? configuration?.padding?.content
        let encoderPadding = encoder.tokenIds.flatMap { vocabulary.token($0.padding) }
        guard let padding = named ?? (configuration == nil ? encoderPadding : "<|endoftext|>") else {
            throw InputError(path, expected: "a file that names the padding token", found: "nothing", as: .notAModel)
        }
        self.padding = padding
        let length =
            configuration == nil ? encoder.maxPositionEmbeddings.map(Double.init) : configuration?.maximumLength
        // transformers writes 1e30 where the length is unlimited.
        maximumLength = length.map { $0.isNaN ? 0 : Int(min(max($0, 0), 1e9)) } ?? 77
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
