import Foundation
import Models
import OnnxGraphs

extension UNet2DConditionModel: QuantizableDenoisingNetwork {
    package var family: String? {
        if configuration.textTime != nil { return "Stable Diffusion XL" }
        return [768: "Stable Diffusion 1", 1024: "Stable Diffusion 2"][configuration.textWidth]
    }
    // At 64×64 with 320 channels: 0.25 GB.
    package var activationBytes: Int { 192 * configuration.stages[0].channels }
    package var latentChannels: Int { configuration.latentChannels }
    package var sampleSize: [Int]? { configuration.sampleSize }
    package var conditioningWidth: Int { configuration.textWidth }
    package var composition: PromptComposition { configuration.textTime == nil ? .single : .pair }

    /// `sample` `[B, C, h, w]`, `timestep` `[B or 1]` and `encoder_hidden_states` `[B, tokens, textWidth]`, for XL also
    /// `text_embeds` `[B, P]` and `time_ids` `[B, n]`, to `out_sample` `[B, C, h, w]`.
    /// - Throws: `InputError` naming a tensor that is missing, superfluous or does not fit.
    package func graph(_ weights: CheckpointWeights, _ quantization: Quantization?) throws -> Data {
        let network = NetworkBuilder(weights, quantization)
        let (graph, batch) = (network.graph, network.batch)
        let sample = network.imageInput("sample", configuration.latentChannels)
        let timestep = graph.input("timestep", .float32, [network.isQuantized ? .fixed(1) : .dynamic("steps")])
        let text = graph.input(
            "encoder_hidden_states", .float32, [batch, .dynamic("tokens"), .fixed(configuration.textWidth)])
        let added = configuration.textTime.map { _ in
            (
                text: graph.input("text_embeds", .float32, [batch, .dynamic("pooled")]),
                sizes: graph.input("time_ids", .float32, [batch, .dynamic("sizes")])
            )
        }
        network.imageOutput(try predict(sample, timestep, text, added: added, Layers(network)), "out_sample")
        try network.requireAllUsed()
        return graph.encoded()
    }
}
