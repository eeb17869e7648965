import Foundation

/// A class of networks that predict noise or velocity, over whose tensors graphs can be built.
package protocol DenoisingNetwork: Sendable {
    /// The family of models that it belongs to, where its sizes tell: `Stable Diffusion XL`.
    var family: String? { get }
    /// C of the latents.
    var latentChannels: Int { get }
    /// Height and width of the latents that it was trained on, where its configuration says so.
    var sampleSize: [Int]? { get }
    /// The width of a token's hidden state in the conditioning.
    var conditioningWidth: Int { get }
    /// What it wants of the text encoders.
    var composition: PromptComposition { get }
    /// Whether the scale of guidance is an input.
    var embedsGuidance: Bool { get }
    /// What height and width of latents must be multiples of.
    var latentMultiple: Int { get }
    /// What activations take for a place of the latents, about, in bytes.
    var activationBytes: Int { get }

    /// `sample` `[B, C, h, w]`, `timestep`, `encoder_hidden_states` `[B, tokens, width]`, and what the class takes beside
    /// them, to `out_sample` `[B, C, h, w]`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    func graph(_ weights: CheckpointWeights) throws -> Data
}

extension DenoisingNetwork {
    package var embedsGuidance: Bool { false }
    package var latentMultiple: Int { 1 }
}
