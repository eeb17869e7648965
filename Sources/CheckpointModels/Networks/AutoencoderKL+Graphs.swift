import Foundation
import Models
import OnnxGraphs

extension AutoencoderKL: AutoencoderNetwork {
    package var latentChannels: Int { configuration.latentChannels }
    package var scale: Int { configuration.scale }
    package var scaling: LatentScaling { configuration.scaling }
    package var sampleSize: [Int]? { configuration.sampleSize }

    /// The encoder alone: `sample` `[B, 3, H, W]` to `latent_parameters` `[B, 2C, h, w]`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    package func encoderGraph(_ weights: CheckpointWeights) throws -> Data {
        let network = NetworkBuilder(weights)
        let image = network.graph.input("sample", .float32, .image(3))
        network.graph.output(
            try encode(image, Layers(network)), "latent_parameters", .float32, .image(2 * configuration.latentChannels))
        try network.requireAllUsed { $0.hasPrefix("decoder.") || $0.hasPrefix("post_quant_conv.") }
        return network.graph.encoded()
    }

    /// The decoder alone: `latent_sample` `[B, C, h, w]` to `sample` `[B, 3, H, W]`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    package func decoderGraph(_ weights: CheckpointWeights) throws -> Data {
        let network = NetworkBuilder(weights)
        let latent = network.graph.input("latent_sample", .float32, .image(configuration.latentChannels))
        network.graph.output(try decode(latent, Layers(network)), "sample", .float32, .image(3))
        try network.requireAllUsed { $0.hasPrefix("encoder.") || $0.hasPrefix("quant_conv.") }
        return network.graph.encoded()
    }
}

extension [TensorPort.Extent] {
    /// `[B, channels, h, w]` of any size.
    package static func image(_ channels: Int) -> [TensorPort.Extent] {
        [.dynamic("batch"), .fixed(channels), .dynamic("height"), .dynamic("width")]
    }
}
