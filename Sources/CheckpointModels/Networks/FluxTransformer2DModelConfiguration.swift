import InputErrors

/// `config.json` of diffusers' `FluxTransformer2DModel`, as far as it matters.
package struct FluxTransformer2DModelConfiguration: Sendable, Equatable {
    /// The width of an image token before it is embedded: 2×2 elements of a latent.
    package let tokenWidth: Int
    /// Blocks with weights of their own for text and image.
    package let doubleLayers: Int
    /// Blocks after them with the same weights for both.
    package let singleLayers: Int
    /// Heads of the attentions.
    package let heads: Int
    /// The width of a head.
    package let headWidth: Int
    /// The width of a token of the text.
    package let conditioningWidth: Int
    /// The width of the pooled text.
    package let pooledWidth: Int
    /// Whether the scale of guidance is an input (FLUX.1 dev).
    package let takesGuidance: Bool
    /// Widths of the rotary axes in a head.
    package let rotaryAxes: [Int]

    /// The width of a token inside.
    package var width: Int { heads * headWidth }
    /// C of the latents.
    package var latentChannels: Int { tokenWidth / 4 }

    /// Checks the fields of a file.
    /// - Throws: `InputError` that names the first field that is not supported.
    package init(_ file: NetworkConfiguration) throws {
        tokenWidth = try file.integer("in_channels", default: 64, in: 4...1024)
        doubleLayers = try file.integer("num_layers", default: 19, in: 0...256)
        singleLayers = try file.integer("num_single_layers", default: 38, in: 0...256)
        heads = try file.integer("num_attention_heads", default: 24, in: 1...256)
        headWidth = try file.integer("attention_head_dim", default: 128, in: 1...1024)
        conditioningWidth = try file.integer("joint_attention_dim", default: 4096, in: 1...65_536)
        pooledWidth = try file.integer("pooled_projection_dim", default: 768, in: 1...65_536)
        takesGuidance = try file.flag("guidance_embeds", default: false)
        rotaryAxes = try file.integers("axes_dims_rope", default: [16, 56, 56], count: 3...3, in: 2...1024)
        try file.require("patch_size", .number(1))
        // FLUX.1 Fill, Canny and Depth have other inputs beside the latent.
        try file.require("out_channels", .number(Double(tokenWidth)))
        try file.requireNoOthers()
        guard tokenWidth % 4 == 0 else {
            throw file.refusal("in_channels", "a multiple of 4", .number(Double(tokenWidth)))
        }
        guard rotaryAxes.reduce(0, +) == headWidth, rotaryAxes.allSatisfy({ $0 % 2 == 0 }) else {
            throw file.refusal(
                "axes_dims_rope", "even numbers with the sum \(headWidth), the width of a head",
                .list(rotaryAxes.map { .number(Double($0)) }))
        }
    }
}
