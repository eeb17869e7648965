import Foundation
import Models
import OnnxGraphs

extension FluxTransformer2DModel: DenoisingNetwork {
    package var family: String? { "FLUX" }
    /// 512 tokens of T5, or 256 for the models that were distilled to few steps (schnell).
    package var composition: PromptComposition { .flux(tokens: configuration.takesGuidance ? 512 : 256) }
    package var embedsGuidance: Bool { configuration.takesGuidance }
    // Sixteen vectors of a token's width, of which a place has its share; an estimate.
    package var activationBytes: Int { 16 * configuration.heads * configuration.headWidth }
    package var latentMultiple: Int { 2 }
    package var latentChannels: Int { configuration.latentChannels }
    /// The configuration does not say it; diffusers' pipeline makes images of 1024×1024 pixels.
    package var sampleSize: [Int]? { [128] }
    package var conditioningWidth: Int { configuration.conditioningWidth }

    /// `sample` `[B, C, h, w]`, `encoder_hidden_states` `[B, tokens, width]`, `pooled_projections` `[B, width]` and
    /// `timestep` (1,000·σ, where diffusers' own takes σ; one for all or one for each latent), and `guidance` (the scale, one
    /// or as many) where the model takes it, to the velocity `out_sample` `[B, C, h, w]`.
    ///
    /// h and w must be even.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    package func graph(_ weights: CheckpointWeights) throws -> Data {
        let network = NetworkBuilder(weights)
        let graph = network.graph
        let channels = configuration.latentChannels
        let inputs = JointTransformerInputs(
            to: graph, channels: channels, width: configuration.conditioningWidth,
            pooledWidth: configuration.pooledWidth)
        let guidance =
            configuration.takesGuidance ? graph.input("guidance", .float32, [.dynamic("scales")]) : nil
        let output = try velocity(
            inputs.latent, timestep: inputs.timestep, guidance: guidance, text: inputs.text, pooled: inputs.pooled,
            Layers(network))
        graph.output(output, "out_sample", .float32, .image(channels))
        try network.requireAllUsed()
        return graph.encoded()
    }
}
