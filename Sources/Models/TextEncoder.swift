/// Turns prompts into the conditioning of a `NoisePredictor`.
public protocol TextEncoder: Sendable {
    /// - Returns: conditioning of a batch of `prompts.count`. The empty prompt is the unconditional one.
    func encode(_ prompts: [String]) throws -> Conditioning
}
