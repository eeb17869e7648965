import Files
import InputErrors
import Models
import TensorFiles
import Tensors

/// What a network is told of the empty prompt, kept in a small file in the model's folder: with it the text encoders need
/// not be loaded, nor be there.
///
/// `empty_prompt.safetensors` has what diffusers' `encode_prompt("")` returns: `prompt_embeds` `[1, tokens, width]` and, for
/// networks that take one, `pooled_prompt_embeds` `[1, pooledWidth]`.
package struct EmptyPrompt: Sendable {
    /// Its name in the model's folder.
    package static let file = "empty_prompt.safetensors"
    private static let tokens = "prompt_embeds"
    private static let pooled = "pooled_prompt_embeds"
    /// FLUX's is 8 MB.
    private static let largest = 256 << 20

    /// The file.
    package let path: String

    /// Its content, for a network whose tokens have a width.
    /// - Throws: `InputError` for a file that is damaged, or tensors of other shapes.
    package func conditioning(width: Int) throws -> Conditioning {
        let file = try SafetensorsFile(contentsOf: path)
        let states = try file.tensor(named: Self.tokens, limit: Self.largest)
        guard states.shape.count == 3, states.batch == 1, states.shape[1] > 0, states.shape[2] == width else {
            throw refusal(Self.tokens, "[1, tokens, \(width)]", states)
        }
        guard file.names.contains(Self.pooled) else { return Conditioning(tokens: states) }
        let vector = try file.tensor(named: Self.pooled, limit: Self.largest)
        guard vector.shape.count == 2, vector.batch == 1 else { throw refusal(Self.pooled, "[1, width]", vector) }
        return Conditioning(tokens: states, pooled: vector)
    }

    private func refusal(_ name: String, _ expected: String, _ found: Tensor) -> InputError {
        InputError("\(path): \(name)", expected: "the shape \(expected)", found: "\(found.shape)", as: .wrongShape)
    }
}
