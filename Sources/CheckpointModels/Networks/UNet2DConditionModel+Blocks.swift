import OnnxGraphs

/// The blocks that the stages are built of.
extension UNet2DConditionModel {
    /// `GroupNorm` of a residual block.
    package func norm(_ x: FeatureMap, _ layers: Layers) throws -> FeatureMap {
        try layers.groupNorm(x, groups: configuration.groups, epsilon: Float(configuration.epsilon))
    }

    /// diffusers' `ResnetBlock2D`: x + conv(silu(norm(conv(silu(norm(x))) + time))), with x through a pointwise
    /// convolution where the width changes.
    package func residual(
        _ x: FeatureMap, _ outputs: Int, _ conditions: Conditions, _ layers: Layers
    ) throws -> FeatureMap {
        let time = try layers["time_emb_proj"].linear(conditions.time, configuration.timeWidth, outputs)
        var y = layers.silu(try norm(x, layers["norm1"]))
        y = try layers["conv1"].conv(y, outputs, shift: time)
        y = layers.silu(try norm(y, layers["norm2"]))
        y = try layers["conv2"].conv(y, outputs)
        return layers.add(x.channels == outputs ? x : try layers["conv_shortcut"].pointwise(x, outputs), y)
    }

    /// diffusers' `Transformer2DModel` over the pixels, added to them. Its projections may be
    /// convolutions of one pixel.
    package func transformer(
        _ x: FeatureMap, _ stage: UNet2DConditionConfiguration.Stage, _ depth: Int, _ conditions: Conditions,
        _ layers: Layers
    ) throws -> FeatureMap {
        let width = stage.channels
        let normal = try layers["norm"].groupNorm(x, groups: configuration.groups, epsilon: 1e-6)
        var y = try layers["proj_in"].linear(layers.sequence(normal), width, width)
        for index in 0..<depth {
            let block = layers["transformer_blocks", index]
            let own = try block["norm1"].layerNorm(y, width)
            y = layers.add(y, try attention(own, own, width, width, stage.heads, block["attn1"]))
            let query = try block["norm2"].layerNorm(y, width)
            y = layers.add(
                y, try attention(query, conditions.text, width, configuration.textWidth, stage.heads, block["attn2"]))
            y = layers.add(y, try feedForward(try block["norm3"].layerNorm(y, width), width, block["ff.net"]))
        }
        return layers.add(x, layers.image(try layers["proj_out"].linear(y, width, width), like: normal))
    }

    /// Attention of `[B, n, width]` to `[B, m, inputs]`.
    private func attention(
        _ x: GraphValue, _ context: GraphValue, _ width: Int, _ inputs: Int, _ heads: Int, _ layers: Layers
    ) throws -> GraphValue {
        let mixed = layers.attention(
            try layers["to_q"].linear(x, width, width, bias: false),
            try layers["to_k"].linear(context, inputs, width, bias: false),
            try layers["to_v"].linear(context, inputs, width, bias: false), heads: heads)
        return try layers["to_out.0"].linear(mixed, width, width)
    }

    /// GEGLU (Shazeer 2020): (a·gelu(b))·Wᵀ with a and b the halves of one linear layer, each four times as wide as x.
    private func feedForward(_ x: GraphValue, _ width: Int, _ layers: Layers) throws -> GraphValue {
        let (both, half) = (layers["0.proj"], 4 * width)
        // Two products of half the weight each cost less than one, a copy of whose halves is taken.
        let value = try both.linear(x, width, 2 * half, rows: 0..<half)
        let gate = try both.linear(x, width, 2 * half, rows: half..<2 * half)
        return try layers["2"].linear(layers.multiply(value, layers.gelu(gate)), half, width)
    }
}
