import InputErrors
import Models

/// `config.json` of diffusers' `AutoencoderTiny`, as far as it matters.
package struct AutoencoderTinyConfiguration: Sendable, Equatable {
    /// What follows a convolution inside a block.
    package enum Activation: String, Sendable, CaseIterable { case relu, silu, swish, gelu }

    /// C of the latents.
    package let latentChannels: Int
    /// Of the encoder's activations.
    package let encoderWidth: Int
    /// Of the decoder's activations.
    package let decoderWidth: Int
    /// Blocks of each stage of the encoder, from the largest images to the smallest.
    package let encoderBlocks: [Int]
    /// Blocks of each stage of the decoder, from the smallest images to the largest.
    package let decoderBlocks: [Int]
    /// What follows a convolution inside a block.
    package let activation: Activation
    /// From the encoder's latents to those of the diffusion model.
    package let scaling: LatentScaling

    /// Pixels along one side of a latent element.
    package var scale: Int { 1 << (encoderBlocks.count - 1) }

    /// Checks the fields of a file.
    /// - Throws: `InputError` that names the first field that is not supported.
    package init(_ file: NetworkConfiguration) throws {
        latentChannels = try file.integer("latent_channels", default: 4, in: 1...256)
        encoderBlocks = try file.integers(
            "num_encoder_blocks", default: [1, 3, 3, 3], count: 1...8, in: 0...64)
        let stages = encoderBlocks.count...encoderBlocks.count
        decoderBlocks = try file.integers("num_decoder_blocks", default: [3, 3, 3, 1], count: stages, in: 0...64)
        encoderWidth = try Self.width("encoder_block_out_channels", stages: encoderBlocks.count, file)
        decoderWidth = try Self.width("decoder_block_out_channels", stages: encoderBlocks.count, file)
        let name = try file.choice("act_fn", default: "relu", of: Activation.allCases.map(\.rawValue))
        activation = Activation(rawValue: name) ?? .relu
        scaling = try LatentScaling(file, channels: latentChannels, standardFactor: 1)
        try file.require("in_channels", .number(3))
        try file.require("out_channels", .number(3))
        try file.require("upsample_fn", .text("nearest"))
        try file.require("upsampling_scaling_factor", .number(2))
        // The magnitude and the shift serve to store latents as bytes; the block widths are the decoder's once more.
        file.ignore("latent_magnitude", "latent_shift", "block_out_channels", "force_upcast")
        try file.requireNoOthers()
    }

    /// The width of all stages: no block changes it.
    private static func width(_ field: String, stages: Int, _ file: NetworkConfiguration) throws -> Int {
        let standard = [Int](repeating: 64, count: stages)
        let widths = try file.integers(field, default: standard, count: stages...stages, in: 1...16_384)
        guard Set(widths).count == 1 else {
            throw file.refusal(field, "the same width in all stages", .list(widths.map { .number(Double($0)) }))
        }
        return widths[0]
    }
}
