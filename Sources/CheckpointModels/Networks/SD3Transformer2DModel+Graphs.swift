import Foundation
import Models
import OnnxGraphs

extension SD3Transformer2DModel: DenoisingNetwork {
    package var family: String? { "Stable Diffusion 3" }
    package var composition: PromptComposition { .stableDiffusion3(width: configuration.conditioningWidth) }
    // Sixteen vectors of a token's width, of which a place has its share; an estimate.
    package var activationBytes: Int { max(1, 64 * configuration.width / (configuration.patch * configuration.patch)) }
    package var latentMultiple: Int { configuration.patch }
    package var latentChannels: Int { configuration.latentChannels }
    package var sampleSize: [Int]? { [configuration.sampleSize] }
    package var conditioningWidth: Int { configuration.conditioningWidth }

    /// `sample` `[B, C, h, w]`, `encoder_hidden_states` `[B, tokens, width]`, `pooled_projections` `[B, width]` and
    /// `timestep` (1,000·σ, one for all or one for each latent) to the velocity `out_sample` `[B, C, h, w]`.
    ///
    /// h and w must be divisible by the patch and at most `configuration.largestSide`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    package func graph(_ weights: CheckpointWeights) throws -> Data {
        let network = NetworkBuilder(weights)
        let graph = network.graph
        let channels = configuration.latentChannels
        let inputs = JointTransformerInputs(
            to: graph, channels: channels, width: configuration.conditioningWidth,
            pooledWidth: configuration.pooledWidth)
        let output = try velocity(
            inputs.latent, timestep: inputs.timestep, text: inputs.text, pooled: inputs.pooled, Layers(network))
        graph.output(output, "out_sample", .float32, .image(channels))
        try network.requireAllUsed()
        return graph.encoded()
    }
}
