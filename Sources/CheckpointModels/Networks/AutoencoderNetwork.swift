import Foundation
import Models

/// A class of autoencoders, over whose tensors graphs can be built.
package protocol AutoencoderNetwork: Sendable {
    /// C of the latents.
    var latentChannels: Int { get }
    /// Pixels along one side of a latent element.
    var scale: Int { get }
    /// From the encoder's latents to those of the diffusion model.
    var scaling: LatentScaling { get }
    /// Height and width in pixels of the images that it was trained on, where its configuration says so.
    var sampleSize: [Int]? { get }
    /// What the encoder's activations take for a pixel, about, in bytes.
    var encoderBytes: Int { get }
    /// What the decoder's activations take for a pixel, about, in bytes.
    var decoderBytes: Int { get }

    /// E: `sample` `[B, 3, H, W]` in [-1, 1] to latents `[B, C, h, w]` or their moments `[B, 2C, h, w]`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    func encoderGraph(_ weights: CheckpointWeights) throws -> Data
    /// D: `latent_sample` `[B, C, h, w]`, not scaled, to `sample` `[B, 3, H, W]`.
    /// - Throws: `InputError` naming a tensor that is missing or does not fit.
    func decoderGraph(_ weights: CheckpointWeights) throws -> Data
}
