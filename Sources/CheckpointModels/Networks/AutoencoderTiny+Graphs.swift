import Foundation
import Models

extension AutoencoderTiny: AutoencoderNetwork {
    package var latentChannels: Int { configuration.latentChannels }
    package var scale: Int { configuration.scale }
    package var scaling: LatentScaling { configuration.scaling }
    package var sampleSize: [Int]? { nil }
    // At 512×512 with 64 channels: 0.25 GB.
    package var encoderBytes: Int { 16 * configuration.encoderWidth }
    package var decoderBytes: Int { 16 * configuration.decoderWidth }

    /// The encoder alone: `sample` `[B, 3, H, W]` to `latent_sample` `[B, C, h, w]`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    package func encoderGraph(_ weights: CheckpointWeights) throws -> Data {
        let network = NetworkBuilder(weights)
        let image = network.imageInput("sample", 3)
        network.imageOutput(try encode(image, Layers(network)), "latent_sample")
        try network.requireAllUsed { $0.hasPrefix("decoder.") }
        return network.graph.encoded()
    }

    /// The decoder alone: `latent_sample` `[B, C, h, w]` to `sample` `[B, 3, H, W]`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    package func decoderGraph(_ weights: CheckpointWeights) throws -> Data {
        let network = NetworkBuilder(weights)
        let latent = network.imageInput("latent_sample", configuration.latentChannels)
        network.imageOutput(try decode(latent, Layers(network)), "sample")
        try network.requireAllUsed { $0.hasPrefix("encoder.") }
        return network.graph.encoded()
    }
}
