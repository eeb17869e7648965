/// What a network that predicts noise or velocity wants of the text encoders.
package enum PromptComposition: Sendable, Equatable {
    /// The last hidden states of one (Stable Diffusion 1 and 2).
    case single
    /// The penultimate states of two, side by side, and the projected vector of the second (SDXL).
    case pair
    /// `StableDiffusion3Conditioning` of two CLIP text encoders and a T5 that may be missing; tokens of the given width.
    case stableDiffusion3(width: Int)
    /// The last hidden states of T5, of so many tokens, and the vector of CLIP's text encoder before it.
    case flux(tokens: Int)

    /// How many text encoders there may be.
    package var encoders: ClosedRange<Int> {
        switch self {
        case .single: 1...1
        case .pair, .flux: 2...2
        case .stableDiffusion3: 2...3
        }
    }

    /// What is asked of an encoder.
    package func outputs(ofEncoder index: Int) -> [TextOutput] {
        switch self {
        case .single: [.lastHiddenState]
        case .pair: index == 0 ? [.penultimate] : [.penultimate, .pooled]
        case .stableDiffusion3: index == 2 ? [.lastHiddenState] : [.penultimate, .pooled]
        case .flux: index == 0 ? [.pooled] : [.lastHiddenState]
        }
    }

    /// The most tokens of an encoder's prompts, where the pipeline and not the tokenizer says it.
    package func tokens(ofEncoder index: Int) -> Int? {
        switch self {
        case .single, .pair: nil
        case .stableDiffusion3: index == 2 ? StableDiffusion3Conditioning.tokens : nil
        case .flux(let tokens): index == 1 ? tokens : nil
        }
    }
}
