import Foundation
import InputErrors
import Models

extension ModelConfiguration {
    /// Of a model's images, in pixels: four times that of the largest models there are.
    package static let largestSide = 16_384

    /// Refuses parts that do not fit each other or that this tool cannot drive.
    func requireAgreement(in url: URL) throws {
        func refuse(_ part: ModelPart, _ expected: String, _ found: String) -> InputError {
            InputError(
                url.appendingPathComponent(part.rawValue).appendingPathComponent("config.json").path,
                expected: expected, found: found, as: .modelConfiguration)
        }
        guard (1...256).contains(vae.latentChannels) else {
            throw refuse(.vaeDecoder, "latent_channels from 1 to 256", "\(vae.latentChannels)")
        }
        guard (1...8).contains(vae.blockOutChannels.count) else {
            throw refuse(.vaeDecoder, "1 to 8 block_out_channels", "\(vae.blockOutChannels.count)")
        }
        if let factor = vae.scalingFactor, !(factor.isFinite && factor != 0) {
            throw refuse(.vaeDecoder, "a scaling_factor other than 0", "\(factor)")
        }
        guard vae.latentsMean == nil, vae.latentsStd == nil else {
            throw refuse(.vaeDecoder, "latents without latents_mean and latents_std", "at least one of them")
        }
        guard unet.inChannels == vae.latentChannels else {
            throw refuse(.unet, "in_channels \(vae.latentChannels), the autoencoder's", "\(unet.inChannels)")
        }
        guard (unet.outChannels ?? unet.inChannels) == unet.inChannels else {
            throw refuse(.unet, "out_channels \(unet.inChannels)", "\(unet.outChannels ?? 0)")
        }
        let sizes = unet.sampleSize.values
        guard (1...2).contains(sizes.count), sizes.allSatisfy({ (1...4096).contains($0) }) else {
            throw refuse(.unet, "a sample_size of one or two numbers from 1 to 4096", "\(sizes)")
        }
        guard sizes.allSatisfy({ $0 * vae.scale <= Self.largestSide }) else {
            throw refuse(
                .unet, "a sample_size for images of at most \(Self.largestSide) pixels",
                "\(sizes), for \(sizes.map { $0 * vae.scale })")
        }
        if let kind = unet.additionEmbedType ?? unet.classEmbedType {
            throw refuse(.unet, "a UNet conditioned on text alone", "one with the embedding \(kind)")
        }
        guard let width = unet.crossAttentionDim.values.first,
            unet.crossAttentionDim.values.allSatisfy({ $0 == width })
        else { throw refuse(.unet, "one cross_attention_dim", "\(unet.crossAttentionDim.values)") }
        guard (1...65_536).contains(width) else {
            throw refuse(.unet, "a cross_attention_dim from 1 to 65536", "\(width)")
        }
        if let hidden = text.hiddenSize, hidden != width {
            throw refuse(.textEncoder, "hidden_size \(width), the cross_attention_dim of unet", "\(hidden)")
        }
    }
}
