import Tensors

/// Turns prompts into the conditioning of a `NoisePredictor`.
public protocol TextEncoder: Sendable {
    /// - Returns: `[prompts.count, tokens, width]`. The empty prompt is the unconditional one.
    func encode(_ prompts: [String]) throws -> Tensor
}
