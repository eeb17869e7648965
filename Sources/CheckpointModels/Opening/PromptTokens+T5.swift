import Files
import Foundation
import InputErrors
import ModelFolders

extension PromptTokens {
    /// The most tokens that T5 was trained on.
    private static let longest = 512

    private struct Settings: Decodable {
        let longest: Double?

        enum CodingKeys: String, CodingKey { case longest = "model_max_length" }
    }

    /// The ids of T5's empty prompt: the end token, then padding, as many as the tokenizer's `model_max_length` says but at
    /// most 512. T5's tokenizer (SentencePiece) is not read, so other prompts are refused.
    /// - Parameters:
    ///   - part: the text encoder, whose configuration names the tokens.
    ///   - tokenizer: its folder, which may be missing.
    /// - Throws: `InputError` for tokens that the text encoder does not have, and a damaged `tokenizer_config.json`.
    package init(t5 part: CheckpointPart, tokenizer: URL) throws {
        let configuration = part.configuration
        let vocabulary = try T5EncoderConfiguration(part.configuration).vocabulary
        let end = try configuration.integer("eos_token_id", default: 1, in: 0...vocabulary - 1)
        let padding = try configuration.integer("pad_token_id", default: 0, in: 0...vocabulary - 1)
        let file = tokenizer.appendingPathComponent("tokenizer_config.json")
        let hasSettings = RawPath(file.path).status != nil
        let length = hasSettings ? try ModelFile.decode(Settings.self, file).longest : nil
        let count = length.flatMap { $0 >= 1 ? Int(min($0, Double(Self.longest))) : nil } ?? Self.longest
        self.init(
            emptyPrompt: [end] + [Int](repeating: padding, count: count - 1),
            missing: InputError(
                tokenizer.path, expected: "the empty prompt, since T5's tokenizer (SentencePiece) is not read",
                found: "another one", as: .unsupported))
    }
}
