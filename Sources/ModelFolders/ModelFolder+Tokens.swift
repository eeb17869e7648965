import Foundation
import InputErrors
import Models

extension ModelFolder {
    /// The tokenizer in `tokenizer/`, held against the text encoder.
    /// - Throws: `InputError` for files that are missing or damaged, or a vocabulary that the text encoder does not have.
    public func tokenizer() throws -> CLIPTokenizer { try promptTokens().tokenizer() }

    /// The ids of prompts by the tokenizer in `tokenizer/`, held against the text encoder. A folder without one still has
    /// those of the empty prompt, where the text encoder's configuration names its start, end and padding.
    /// - Throws: `InputError` for files that are damaged, a vocabulary that the text encoder does not have, and where
    ///   nothing is known of the empty prompt either.
    public func promptTokens() throws -> PromptTokens {
        try PromptTokens(
            tokenizer: url.appendingPathComponent(ModelPart.tokenizer.rawValue), for: configuration.text)
    }
}

extension PromptTokens {
    /// Reads a tokenizer's folder, which need not be there for the empty prompt.
    /// - Parameters:
    ///   - folder: of the tokenizer.
    ///   - encoder: what the text encoder's configuration says.
    /// - Throws: `InputError` for files that are damaged, a vocabulary that the text encoder does not have, and where
    ///   nothing is known of the empty prompt either.
    package init(tokenizer folder: URL, for encoder: ModelConfiguration.Text) throws {
        guard let vocabulary = try CLIPVocabulary.read(folder) else {
            func missing(_ expected: String) -> InputError {
                InputError(
                    folder.path, expected: "vocab.json and merges.txt, or tokenizer.json, \(expected)",
                    found: "neither", as: .notAModel)
            }
            guard let ids = encoder.tokenIds, let length = encoder.maxPositionEmbeddings, (2...1 << 16).contains(length)
            else { throw missing("since text_encoder/config.json does not tell the empty prompt's ids") }
            self.init(ids, length: length, missing: missing("for a prompt that is not empty"))
            return
        }
        let settings = try CLIPTokenizerSettings(folder: folder, vocabulary, encoder: encoder)
        let tokenizer = try CLIPTokenizer(vocabulary, settings, lengthLimit: encoder.maxPositionEmbeddings)
        if let size = encoder.vocabSize, tokenizer.vocabularySize > size {
            throw InputError(
                folder.path, expected: "at most \(size) tokens, as text_encoder has",
                found: "\(tokenizer.vocabularySize)", as: .modelConfiguration)
        }
        self.init(tokenizer)
    }
}
