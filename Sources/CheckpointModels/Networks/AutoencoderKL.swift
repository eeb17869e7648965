import OnnxGraphs

/// diffusers' `AutoencoderKL` (Rombach et al. 2022): residual blocks, one attention in the middle. Where the configuration
/// does not tell, quantising convolutions and the attention are there if their tensors are.
package struct AutoencoderKL: Sendable {
    /// What shapes it.
    package let configuration: AutoencoderKLConfiguration

    /// A network of that shape.
    package init(configuration: AutoencoderKLConfiguration) {
        self.configuration = configuration
    }

    private var channels: [Int] { configuration.blockChannels }
    private var groups: Int { configuration.groups }
    private static let epsilon: Float = 1e-6

    /// E: images `[B, 3, H, W]` in [-1, 1] to the moments of latents, `[B, 2C, h, w]`: means, then log variances.
    package func encode(_ image: FeatureMap, _ layers: Layers) throws -> FeatureMap {
        let encoder = layers["encoder"]
        var x = try encoder["conv_in"].conv(image, channels[0], isExact: true)
        for (index, outputs) in channels.enumerated() {
            let block = encoder["down_blocks", index]
            for layer in 0..<configuration.layersPerBlock {
                x = try residual(x, block["resnets", layer], outputs)
            }
            if index + 1 < channels.count {
                x = try block["downsamplers.0.conv"].conv(x, outputs, stride: 2, padding: [0, 0, 1, 1])
            }
        }
        x = try middle(x, encoder["mid_block"])
        x = encoder.silu(try norm(x, encoder["conv_norm_out"]))
        let moments = 2 * configuration.latentChannels
        x = try encoder["conv_out"].conv(x, moments, isExact: true)
        let isQuantised = configuration.hasQuantConvolution ?? layers.has("quant_conv.weight")
        return isQuantised ? try layers["quant_conv"].pointwise(x, moments, isExact: true) : x
    }

    /// D: latents `[B, C, h, w]`, not scaled, to images `[B, 3, H, W]`.
    package func decode(_ latent: FeatureMap, _ layers: Layers) throws -> FeatureMap {
        let count = configuration.latentChannels
        let decoder = layers["decoder"]
        var x = latent
        if configuration.hasPostQuantConvolution ?? layers.has("post_quant_conv.weight") {
            x = try layers["post_quant_conv"].pointwise(x, count, isExact: true)
        }
        x = try decoder["conv_in"].conv(x, channels[channels.count - 1], isExact: true)
        x = try middle(x, decoder["mid_block"])
        for (index, outputs) in channels.reversed().enumerated() {
            let block = decoder["up_blocks", index]
            for layer in 0...configuration.layersPerBlock {
                x = try residual(x, block["resnets", layer], outputs)
            }
            if index + 1 < channels.count {
                x = try block["upsamplers.0.conv"].conv(x, outputs, enlargement: .doubled)
            }
        }
        x = decoder.silu(try norm(x, decoder["conv_norm_out"]))
        return try decoder["conv_out"].conv(x, 3, isExact: true)
    }

    private func norm(_ x: FeatureMap, _ layers: Layers) throws -> FeatureMap {
        try layers.groupNorm(x, groups: groups, epsilon: Self.epsilon)
    }

    /// x + conv(silu(norm(conv(silu(norm(x)))))), with x through a pointwise convolution where the width changes.
    private func residual(_ x: FeatureMap, _ layers: Layers, _ outputs: Int) throws -> FeatureMap {
        var y = layers.silu(try norm(x, layers["norm1"]))
        y = try layers["conv1"].conv(y, outputs)
        y = layers.silu(try norm(y, layers["norm2"]))
        y = try layers["conv2"].conv(y, outputs)
        return layers.add(x.channels == outputs ? x : try layers["conv_shortcut"].pointwise(x, outputs), y)
    }

    private func middle(_ x: FeatureMap, _ layers: Layers) throws -> FeatureMap {
        var x = try residual(x, layers["resnets.0"], x.channels)
        if configuration.hasMiddleAttention ?? layers.has("attentions.0.group_norm.weight") {
            x = try attention(x, layers["attentions.0"])
        }
        return try residual(x, layers["resnets.1"], x.channels)
    }

    /// One head over all pixels, added to them.
    private func attention(_ x: FeatureMap, _ layers: Layers) throws -> FeatureMap {
        // Files of 2022 have other names.
        let isOld = layers.has("query.weight")
        let (query, key, value, out) =
            isOld ? ("query", "key", "value", "proj_attn") : ("to_q", "to_k", "to_v", "to_out.0")
        let width = x.channels
        let normal = try norm(x, layers["group_norm"])
        let tokens = layers.sequence(normal)
        let mixed = layers.attention(
            try layers[query].linear(tokens, width, width), try layers[key].linear(tokens, width, width),
            try layers[value].linear(tokens, width, width), heads: 1)
        return layers.add(x, layers.image(try layers[out].linear(mixed, width, width), like: normal))
    }
}
