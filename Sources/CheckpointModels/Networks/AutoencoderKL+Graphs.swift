import Foundation
import Models

extension AutoencoderKL: QuantizableAutoencoderNetwork {
    package var latentChannels: Int { configuration.latentChannels }
    package var scale: Int { configuration.scale }
    package var scaling: LatentScaling { configuration.scaling }
    package var sampleSize: [Int]? { configuration.sampleSize }
    // At 512×512 with 128 channels: 0.5 GB and 1.06 GB.
    package var encoderBytes: Int { 16 * configuration.blockChannels[0] }
    package var decoderBytes: Int { 32 * configuration.blockChannels[0] }

    /// The encoder alone: `sample` `[B, 3, H, W]` to `latent_parameters` `[B, 2C, h, w]`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    package func encoderGraph(_ weights: CheckpointWeights, _ quantization: Quantization?) throws -> Data {
        let network = NetworkBuilder(weights, quantization)
        let image = network.imageInput("sample", 3)
        network.imageOutput(try encode(image, Layers(network)), "latent_parameters")
        try network.requireAllUsed { $0.hasPrefix("decoder.") || $0.hasPrefix("post_quant_conv.") }
        return network.graph.encoded()
    }

    /// The decoder alone: `latent_sample` `[B, C, h, w]` to `sample` `[B, 3, H, W]`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    package func decoderGraph(_ weights: CheckpointWeights, _ quantization: Quantization?) throws -> Data {
        let network = NetworkBuilder(weights, quantization)
        let latent = network.imageInput("latent_sample", configuration.latentChannels)
        network.imageOutput(try decode(latent, Layers(network)), "sample")
        try network.requireAllUsed { $0.hasPrefix("encoder.") || $0.hasPrefix("quant_conv.") }
        return network.graph.encoded()
    }
}
