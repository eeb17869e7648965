import InputErrors

/// `config.json` of diffusers' `AutoencoderKL`, as far as it matters.
struct AutoencoderKLConfiguration: Sendable, Equatable {
    /// C of the latents.
    let latentChannels: Int
    /// Of the blocks, from the largest images to the smallest.
    let blockChannels: [Int]
    /// Residual blocks in a block of the encoder; the decoder has one more.
    let layersPerBlock: Int
    /// Of the group norms.
    let groups: Int
    /// Latents are multiplied by this after encoding.
    let scalingFactor: Double
    /// Subtracted from latents before they are scaled.
    let shiftFactor: Double
    /// Height and width in pixels of the images that it was trained on, where the file says so.
    let sampleSize: [Int]?

    /// Pixels along one side of a latent element.
    var scale: Int { 1 << (blockChannels.count - 1) }

    /// Checks the fields of a file.
    /// - Throws: `InputError` that names the first field that is not supported.
    init(_ file: NetworkConfiguration) throws {
        latentChannels = try file.integer("latent_channels", default: 4, in: 1...256)
        blockChannels = try file.integers("block_out_channels", default: [64], count: 1...8, in: 1...16_384)
        layersPerBlock = try file.integer("layers_per_block", default: 1, in: 1...64)
        groups = try file.integer("norm_num_groups", default: 32, in: 1...16_384)
        scalingFactor = try file.number("scaling_factor", default: 0.18215)
        shiftFactor = try file.number("shift_factor", default: 0)
        sampleSize = try file.has("sample_size") ? file.integers("sample_size", count: 1...2, in: 1...16_384) : nil
        let count = blockChannels.count...blockChannels.count
        _ = try file.choices("down_block_types", count: count, of: ["DownEncoderBlock2D"])
        _ = try file.choices("up_block_types", count: count, of: ["UpDecoderBlock2D"])
        try file.require("act_fn", .text("silu"), .text("swish"))
        try file.require("in_channels", .number(3))
        try file.require("out_channels", .number(3))
        try file.require("latents_mean")
        try file.require("latents_std")
        file.ignore(
            "force_upcast", "use_quant_conv", "use_post_quant_conv", "mid_block_add_attention")
        try file.requireNoOthers()
        guard scalingFactor != 0 else {
            throw file.refusal("scaling_factor", "a number other than 0", .number(scalingFactor))
        }
    }
}
