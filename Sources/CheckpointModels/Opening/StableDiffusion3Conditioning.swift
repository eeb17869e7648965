import InputErrors
import Models
import Tensors

/// What Stable Diffusion 3 is told of prompts, put together as diffusers' `StableDiffusion3Pipeline.encode_prompt` does:
/// the penultimate states of two CLIP text encoders side by side, filled up with zeros to the width of T5, then T5's last
/// states; and the projected vectors of both. Without T5 its states are zeros.
package enum StableDiffusion3Conditioning {
    /// What is asked of a CLIP text encoder.
    package struct Text {
        /// The penultimate hidden states, `[B, n, w]`.
        package let states: Tensor
        /// The projected vectors, `[B, p]`.
        package let pooled: Tensor

        /// What one encoder says of a batch.
        package init(states: Tensor, pooled: Tensor) {
            self.states = states
            self.pooled = pooled
        }
    }

    /// Tokens of T5, there or not (`max_sequence_length`).
    package static let tokens = 256

    /// The conditioning of a batch.
    /// - Parameters:
    ///   - texts: of the two encoders, for one batch.
    ///   - t5: `[B, m, width]`; nil where there is none.
    ///   - width: of the network's tokens.
    /// - Returns: tokens `[B, n + m, width]`, pooled `[B, p₁ + p₂]`.
    /// - Throws: `InputError` where the encoders' widths or numbers of tokens do not fit.
    package static func compose(_ texts: [Text], t5: Tensor?, width: Int) throws -> Conditioning {
        let states = try Tensor.joiningWidths(texts.map(\.states))
        let (batch, own) = (states.batch, states.shape[2])
        guard own <= width else {
            throw InputError(
                "hidden states of the text encoders", expected: "at most \(width) side by side", found: "\(own)",
                as: .modelConfiguration)
        }
        let t5 = t5 ?? Tensor(zeros: [batch, tokens, width])
        guard t5.shape[2] == width else {
            throw InputError(
                "hidden states of T5", expected: "\(width) numbers a token", found: "\(t5.shape[2])",
                as: .modelConfiguration)
        }
        let filled = try Tensor.joiningWidths([states, Tensor(zeros: [batch, states.shape[1], width - own])])
        return Conditioning(
            tokens: .joiningTokens([filled, t5]), pooled: try .joiningWidths(texts.map(\.pooled)))
    }
}
