import Foundation
import InputErrors

/// Token ids of prompts: by a tokenizer, or, of the empty prompt alone, without one.
public struct PromptTokens: Sendable {
    private enum Source {
        case tokenizer(CLIPTokenizer)
        case emptyPrompt([Int], InputError)
    }

    private let source: Source

    /// Any prompt's ids.
    init(_ tokenizer: CLIPTokenizer) { source = .tokenizer(tokenizer) }

    /// The ids of the empty prompt: the start token, the end token, padding.
    /// - Parameters:
    ///   - ids: of the text encoder's own tokens.
    ///   - length: how many ids there are.
    ///   - missing: what to say of a tokenizer.
    package init(_ ids: ModelConfiguration.Text.TokenIds, length: Int, missing: InputError) {
        let padding = [Int](repeating: ids.padding, count: max(0, length - 2))
        source = .emptyPrompt([ids.start, ids.end] + padding, missing)
    }

    /// The ids of the empty prompt, in whatever tokenizer.
    /// - Parameter missing: what to say of another prompt.
    package init(emptyPrompt ids: [Int], missing: InputError) { source = .emptyPrompt(ids, missing) }

    /// The same where the empty prompt alone has ids, and those at most `count`.
    package func limited(to count: Int) -> PromptTokens {
        switch source {
        case .tokenizer: self
        case .emptyPrompt(let ids, let missing): PromptTokens(emptyPrompt: Array(ids.prefix(count)), missing: missing)
        }
    }

    /// Ids in every encoding.
    public var maximumLength: Int {
        switch source {
        case .tokenizer(let tokenizer): tokenizer.maximumLength
        case .emptyPrompt(let ids, _): ids.count
        }
    }

    /// The tokenizer.
    /// - Throws: `InputError` where there is none.
    public func tokenizer() throws -> CLIPTokenizer {
        switch source {
        case .tokenizer(let tokenizer): return tokenizer
        case .emptyPrompt(_, let missing): throw missing
        }
    }

    /// `maximumLength` ids.
    /// - Throws: `InputError` for a prompt that is not empty where there is no tokenizer.
    public func encode(_ prompt: String) throws -> [Int] {
        switch source {
        case .tokenizer(let tokenizer): return tokenizer.encode(prompt)
        case .emptyPrompt(let ids, let missing):
            guard prompt.isEmpty else { throw missing }
            return ids
        }
    }
}
