import OnnxGraphs

/// diffusers' `SD3Transformer2DModel` (Esser et al. 2024): squares of the latent and the tokens of the text in one
/// attention, each with weights of its own.
package struct SD3Transformer2DModel: Sendable {
    /// What shapes it.
    package let configuration: SD3Transformer2DModelConfiguration

    /// A network of that shape.
    package init(configuration: SD3Transformer2DModelConfiguration) {
        self.configuration = configuration
    }

    private var width: Int { configuration.width }

    /// Tokens of the image and of the text, `[B, tokens, width]` each.
    private struct Tokens {
        var image: GraphValue
        /// nil after the last block.
        var text: GraphValue?
    }

    /// The velocity of a latent.
    /// - Parameters:
    ///   - latent: `[B, C, h, w]`, h and w divisible by the patch.
    ///   - timestep: 1,000·σ, `[B]` or `[1]`.
    ///   - text: `[B, tokens, conditioningWidth]`.
    ///   - pooled: `[B, pooledWidth]`.
    /// - Returns: `[B, C, h, w]`.
    package func velocity(
        _ latent: GraphValue, timestep: GraphValue, text: GraphValue, pooled: GraphValue, _ layers: Layers
    ) throws -> GraphValue {
        let (channels, patch) = (configuration.latentChannels, configuration.patch)
        let squares = try layers["pos_embed.proj"].conv(
            FeatureMap(latent, channels: channels), width, kernel: patch, stride: patch, padding: [0, 0, 0, 0])
        let vector = try layers["time_text_embed"].timeAndText(
            timestep, guidance: nil, pooled, configuration.pooledWidth, width)
        let context = try layers["context_embedder"].linear(text, configuration.conditioningWidth, width)
        var tokens = Tokens(image: try positioned(squares, layers["pos_embed"]), text: context)
        let counts = layers.concatenate([layers.extent(tokens.image, 1), layers.extent(context, 1)], axis: 0)
        for index in 0..<configuration.layers {
            tokens = try block(index, tokens, vector, counts, layers["transformer_blocks", index])
        }
        var x = try layers["norm_out"].continuousNorm(tokens.image, vector, width)
        x = try layers["proj_out"].linear(x, width, patch * patch * channels)
        let size = layers.graph.node("Shape", [squares.value], ["start": .int(2)])
        let shape = layers.concatenate([layers.graph.integers([0, patch * patch * channels]), size], axis: 0)
        x = layers.graph.node("Reshape", [layers.transpose(x, [0, 2, 1]), shape])
        return layers.graph.node("DepthToSpace", [x], ["blocksize": .int(patch)])
    }

    /// Squares as tokens, with the middle of the table of positions added.
    private func positioned(_ squares: FeatureMap, _ layers: Layers) throws -> GraphValue {
        let (graph, side) = (layers.graph, configuration.positions)
        let table = try layers.network.float(
            layers.name("pos_embed"), [1, side * side, width], as: [side, side, width])
        let size = graph.node("Shape", [squares.value], ["start": .int(2)])
        let margins = graph.node("Div", [graph.node("Sub", [graph.integers([side]), size]), graph.integers([2])])
        // For a latent that is larger than the table all of it is taken, which is too little: the run is refused.
        let start = graph.node("Max", [margins, graph.integers([0])])
        let middle = graph.node("Slice", [table, start, layers.add(start, size), graph.integers([0, 1])])
        return layers.add(layers.sequence(squares), layers.reshape(middle, [-1, width]))
    }

    private func block(
        _ index: Int, _ tokens: Tokens, _ vector: GraphValue, _ counts: GraphValue, _ layers: Layers
    ) throws -> Tokens {
        guard let text = tokens.text else { return tokens }
        let isDual = configuration.dualAttentionLayers.contains(index)
        let isLast = index == configuration.layers - 1
        let image = try layers["norm1"].modulations(vector, width, count: isDual ? 3 : 2)
        let context = isLast ? nil : try layers["norm1_context"].modulations(vector, width, count: 2)
        let normalText =
            try context.map { layers.modulated(text, by: $0[0]) }
            ?? layers["norm1_context"].continuousNorm(text, vector, width)
        let (mixed, mixedText) = try attention(
            layers.modulated(tokens.image, by: image[0]), normalText, counts, layers["attn"])
        var x = layers.gated(tokens.image, try layers["attn.to_out.0"].linear(mixed, width, width), by: image[0])
        if isDual {
            let own = try imageAttention(layers.modulated(tokens.image, by: image[2]), layers["attn2"])
            x = layers.gated(x, own, by: image[2])
        }
        x = layers.gated(x, try layers["ff"].feedForward(layers.modulated(x, by: image[1]), width), by: image[1])
        guard let context else { return Tokens(image: x, text: nil) }
        var y = layers.gated(text, try layers["attn.to_add_out"].linear(mixedText, width, width), by: context[0])
        y = layers.gated(
            y, try layers["ff_context"].feedForward(layers.modulated(y, by: context[1]), width), by: context[1])
        return Tokens(image: x, text: y)
    }

    /// Every token sees every token; image first.
    private func attention(
        _ image: GraphValue, _ text: GraphValue, _ counts: GraphValue, _ layers: Layers
    ) throws -> (image: GraphValue, text: GraphValue) {
        let (heads, headWidth) = (configuration.heads, configuration.headWidth)
        let ofImage = try layers.queryKeyValue(image, heads: heads, headWidth: headWidth, norms: norms("norm_"))
        let ofText = try layers.queryKeyValue(
            text, heads: heads, headWidth: headWidth, names: ["add_q_proj", "add_k_proj", "add_v_proj"],
            norms: norms("norm_added_"))
        let all = zip(ofImage, ofText).map { layers.concatenate([$0, $1], axis: 1) }
        let mixed = layers.attention(all[0], all[1], all[2], heads: heads)
        let parts = layers.graph.nodes("Split", [mixed, counts], ["axis": .int(1)], outputs: 2)
        return (parts[0], parts[1])
    }

    /// The second attention of a block, over the image alone.
    private func imageAttention(_ image: GraphValue, _ layers: Layers) throws -> GraphValue {
        let heads = configuration.heads
        let own = try layers.queryKeyValue(
            image, heads: heads, headWidth: configuration.headWidth, norms: norms("norm_"))
        let mixed = layers.attention(own[0], own[1], own[2], heads: heads)
        return try layers["to_out.0"].linear(mixed, width, width)
    }

    private func norms(_ prefix: String) -> [String]? { configuration.hasNorms ? [prefix + "q", prefix + "k"] : nil }
}
