import InputErrors

/// `config.json` of diffusers' `SD3Transformer2DModel`, as far as it matters.
package struct SD3Transformer2DModelConfiguration: Sendable, Equatable {
    /// C of the latents.
    package let latentChannels: Int
    /// Height and width of the latents that it was trained on.
    package let sampleSize: Int
    /// Latent elements along one side of the square that is one token.
    package let patch: Int
    /// Joint blocks.
    package let layers: Int
    /// Heads of the attentions.
    package let heads: Int
    /// The width of a head.
    package let headWidth: Int
    /// The width of a token of the text.
    package let conditioningWidth: Int
    /// The width of the pooled text.
    package let pooledWidth: Int
    /// Tokens along one side of the table of positions.
    package let positions: Int
    /// Blocks with a second attention, over the image alone (SD 3.5 medium).
    package let dualAttentionLayers: Set<Int>
    /// Whether queries and keys are normalised (SD 3.5).
    package let hasNorms: Bool

    /// The width of a token inside.
    package var width: Int { heads * headWidth }
    /// The greatest height and width of a latent: beyond, there are no positions.
    package var largestSide: Int { positions * patch }

    /// Checks the fields of a file.
    /// - Throws: `InputError` that names the first field that is not supported.
    package init(_ file: NetworkConfiguration) throws {
        latentChannels = try file.integer("in_channels", default: 16, in: 1...256)
        sampleSize = try file.integer("sample_size", default: 128, in: 1...16_384)
        patch = try file.integer("patch_size", default: 2, in: 1...64)
        layers = try file.integer("num_layers", default: 18, in: 1...256)
        heads = try file.integer("num_attention_heads", default: 18, in: 1...256)
        headWidth = try file.integer("attention_head_dim", default: 64, in: 1...1024)
        conditioningWidth = try file.integer("joint_attention_dim", default: 4096, in: 1...65_536)
        pooledWidth = try file.integer("pooled_projection_dim", default: 2048, in: 1...65_536)
        // A table of a single place would suit every latent.
        positions = try file.integer("pos_embed_max_size", default: 96, in: 2...4096)
        dualAttentionLayers = Set(
            try file.integers("dual_attention_layers", default: [], count: 0...layers, in: 0...(layers - 1)))
        hasNorms = file.has("qk_norm")
        _ = try file.choice("qk_norm", default: "rms_norm", of: ["rms_norm"])
        let (width, channels) = (heads * headWidth, latentChannels)
        let caption = try file.integer("caption_projection_dim", default: 1152, in: 1...262_144)
        guard caption == width else {
            throw file.refusal("caption_projection_dim", "\(width), the width of all heads", .number(Double(caption)))
        }
        try file.require("out_channels", .number(Double(channels)))
        try file.requireNoOthers()
    }
}
