import Foundation

/// A class of autoencoders that can compute in int8. Those that are not of this protocol are float32 in every precision.
package protocol QuantizableAutoencoderNetwork: AutoencoderNetwork {
    /// E, in int8 for one size of images; float32 and any size without `quantization`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    func encoderGraph(_ weights: CheckpointWeights, _ quantization: Quantization?) throws -> Data
    /// D, in int8 for one size of latents; float32 and any size without `quantization`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    func decoderGraph(_ weights: CheckpointWeights, _ quantization: Quantization?) throws -> Data
}

extension AutoencoderNetwork {
    /// E; `quantization` is left aside by classes that are float32 always.
    package func encoderGraph(_ weights: CheckpointWeights, quantization: Quantization?) throws -> Data {
        guard let network = self as? any QuantizableAutoencoderNetwork else { return try encoderGraph(weights) }
        return try network.encoderGraph(weights, quantization)
    }

    /// D; `quantization` is left aside by classes that are float32 always.
    package func decoderGraph(_ weights: CheckpointWeights, quantization: Quantization?) throws -> Data {
        guard let network = self as? any QuantizableAutoencoderNetwork else { return try decoderGraph(weights) }
        return try network.decoderGraph(weights, quantization)
    }
}

extension DenoisingNetwork {
    /// The network; `quantization` is left aside by classes that are float32 always.
    package func graph(_ weights: CheckpointWeights, quantization: Quantization?) throws -> Data {
        guard let network = self as? any QuantizableDenoisingNetwork else { return try graph(weights) }
        return try network.graph(weights, quantization)
    }
}

extension QuantizableAutoencoderNetwork {
    package func encoderGraph(_ weights: CheckpointWeights) throws -> Data { try encoderGraph(weights, nil) }
    package func decoderGraph(_ weights: CheckpointWeights) throws -> Data { try decoderGraph(weights, nil) }
}

/// A class of networks that predict noise and can compute in int8. Those that are not of this protocol are float32 in every
/// precision.
package protocol QuantizableDenoisingNetwork: DenoisingNetwork {
    /// The network, in int8 for one size of latents; float32 and any size without `quantization`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    func graph(_ weights: CheckpointWeights, _ quantization: Quantization?) throws -> Data
}

extension QuantizableDenoisingNetwork {
    package func graph(_ weights: CheckpointWeights) throws -> Data { try graph(weights, nil) }
}
