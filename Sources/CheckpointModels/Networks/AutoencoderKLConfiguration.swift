import InputErrors
import Models

/// `config.json` of diffusers' `AutoencoderKL`, as far as it matters.
package struct AutoencoderKLConfiguration: Sendable, Equatable {
    /// C of the latents.
    package let latentChannels: Int
    /// Of the blocks, from the largest images to the smallest.
    package let blockChannels: [Int]
    /// Residual blocks in a block of the encoder; the decoder has one more.
    package let layersPerBlock: Int
    /// Of the group norms.
    package let groups: Int
    /// Whether a convolution of one pixel follows the encoder; nil where the tensors tell.
    package let hasQuantConvolution: Bool?
    /// Whether a convolution of one pixel precedes the decoder; nil where the tensors tell.
    package let hasPostQuantConvolution: Bool?
    /// Whether there is attention in the middle; nil where the tensors tell.
    package let hasMiddleAttention: Bool?
    /// From the encoder's latents to those of the diffusion model.
    package let scaling: LatentScaling
    /// Height and width in pixels of the images that it was trained on, where the file says so.
    package let sampleSize: [Int]?

    /// Pixels along one side of a latent element.
    package var scale: Int { 1 << (blockChannels.count - 1) }

    /// Checks the fields of a file.
    /// - Throws: `InputError` that names the first field that is not supported.
    package init(_ file: NetworkConfiguration) throws {
        latentChannels = try file.integer("latent_channels", default: 4, in: 1...256)
        blockChannels = try file.integers("block_out_channels", default: [64], count: 1...8, in: 1...16_384)
        layersPerBlock = try file.integer("layers_per_block", default: 1, in: 1...64)
        groups = try file.integer("norm_num_groups", default: 32, in: 1...16_384)
        hasQuantConvolution = try file.flag("use_quant_conv")
        hasPostQuantConvolution = try file.flag("use_post_quant_conv")
        hasMiddleAttention = try file.flag("mid_block_add_attention")
        scaling = try LatentScaling(file, channels: latentChannels, standardFactor: 0.18215)
        sampleSize = try file.has("sample_size") ? file.integers("sample_size", count: 1...2, in: 1...16_384) : nil
        let count = blockChannels.count...blockChannels.count
        _ = try file.choices("down_block_types", count: count, of: ["DownEncoderBlock2D"])
        _ = try file.choices("up_block_types", count: count, of: ["UpDecoderBlock2D"])
        try file.require("act_fn", .text("silu"), .text("swish"))
        try file.require("in_channels", .number(3))
        try file.require("out_channels", .number(3))
        file.ignore("force_upcast")
        try file.requireNoOthers()
    }
}
