import OnnxGraphs

/// diffusers' `FluxTransformer2DModel` (Black Forest Labs 2024): blocks with weights of their own for text and image in one
/// attention, then blocks with the same weights for both.
package struct FluxTransformer2DModel: Sendable {
    /// What shapes it.
    package let configuration: FluxTransformer2DModelConfiguration

    /// A network of that shape.
    package init(configuration: FluxTransformer2DModelConfiguration) {
        self.configuration = configuration
    }

    private var width: Int { configuration.width }

    /// Tokens of the text and of the image, `[B, tokens, width]` each.
    private struct Tokens {
        var text: GraphValue
        var image: GraphValue
    }

    /// What all blocks are given.
    private struct Surroundings {
        /// `[B, 1, width]`.
        let vector: GraphValue
        let positions: RotaryPositions
        /// Of text and image tokens, `[2]`.
        let counts: GraphValue
    }

    /// The velocity of a latent.
    /// - Parameters:
    ///   - latent: `[B, C, h, w]`, h and w even.
    ///   - timestep: 1,000·σ, `[B]` or `[1]`.
    ///   - guidance: `[B]` or `[1]`, where the model takes it.
    ///   - text: `[B, tokens, conditioningWidth]`.
    ///   - pooled: `[B, pooledWidth]`.
    /// - Returns: `[B, C, h, w]`.
    package func velocity(
        _ latent: GraphValue, timestep: GraphValue, guidance: GraphValue?, text: GraphValue, pooled: GraphValue,
        _ layers: Layers
    ) throws -> GraphValue {
        let (graph, tokenWidth) = (layers.graph, configuration.tokenWidth)
        let squares = graph.node("SpaceToDepth", [latent], ["blocksize": .int(2)])
        let scale = guidance.map { layers.multiply($0, graph.number(1000)) }
        let vector = try layers["time_text_embed"].timeAndText(
            timestep, guidance: scale, pooled, configuration.pooledWidth, width)
        var tokens = Tokens(
            text: try layers["context_embedder"].linear(text, configuration.conditioningWidth, width),
            image: try layers["x_embedder"].linear(packed(squares, layers), tokenWidth, width))
        let textCount = layers.extent(text, 1)
        let around = Surroundings(
            vector: vector,
            positions: RotaryPositions(
                rows: layers.extent(squares, 2), columns: layers.extent(squares, 3), textCount: textCount,
                axes: configuration.rotaryAxes, layers),
            counts: layers.concatenate([textCount, layers.extent(tokens.image, 1)], axis: 0))
        for index in 0..<configuration.doubleLayers {
            tokens = try doubleBlock(tokens, around, layers["transformer_blocks", index])
        }
        if configuration.singleLayers > 0 {
            var all = layers.concatenate([tokens.text, tokens.image], axis: 1)
            for index in 0..<configuration.singleLayers {
                all = try singleBlock(all, around, layers["single_transformer_blocks", index])
            }
            tokens.image = split(all, around, layers).image
        }
        let x = try layers["norm_out"].continuousNorm(tokens.image, vector, width)
        return unpacked(try layers["proj_out"].linear(x, width, tokenWidth), like: squares, layers)
    }

    /// `[B, 4C, h/2, w/2]`, places of a square before channels, to tokens `[B, h·w/4, 4C]`, channels before places.
    private func packed(_ squares: GraphValue, _ layers: Layers) -> GraphValue {
        let parts = layers.reshape(squares, [0, 4, configuration.latentChannels, -1])
        return layers.reshape(layers.transpose(parts, [0, 3, 2, 1]), [0, 0, configuration.tokenWidth])
    }

    /// Tokens `[B, h·w/4, 4C]` back to a latent `[B, C, h, w]`.
    private func unpacked(_ tokens: GraphValue, like squares: GraphValue, _ layers: Layers) -> GraphValue {
        let parts = layers.reshape(tokens, [0, 0, configuration.latentChannels, 4])
        let places = layers.graph.node(
            "Reshape", [layers.transpose(parts, [0, 3, 2, 1]), layers.graph.node("Shape", [squares])])
        return layers.graph.node("DepthToSpace", [places], ["blocksize": .int(2)])
    }

    private func doubleBlock(_ tokens: Tokens, _ around: Surroundings, _ layers: Layers) throws -> Tokens {
        let image = try layers["norm1"].modulations(around.vector, width, count: 2)
        let text = try layers["norm1_context"].modulations(around.vector, width, count: 2)
        let mixed = try attention(
            Tokens(
                text: layers.modulated(tokens.text, by: text[0]), image: layers.modulated(tokens.image, by: image[0])),
            around, layers["attn"])
        var x = layers.gated(tokens.image, try layers["attn.to_out.0"].linear(mixed.image, width, width), by: image[0])
        x = layers.gated(x, try layers["ff"].feedForward(layers.modulated(x, by: image[1]), width), by: image[1])
        var y = layers.gated(tokens.text, try layers["attn.to_add_out"].linear(mixed.text, width, width), by: text[0])
        y = layers.gated(y, try layers["ff_context"].feedForward(layers.modulated(y, by: text[1]), width), by: text[1])
        return Tokens(text: y, image: x)
    }

    /// Every token sees every token; text first.
    private func attention(_ tokens: Tokens, _ around: Surroundings, _ layers: Layers) throws -> Tokens {
        let (heads, headWidth) = (configuration.heads, configuration.headWidth)
        let ofText = try layers.queryKeyValue(
            tokens.text, heads: heads, headWidth: headWidth, names: ["add_q_proj", "add_k_proj", "add_v_proj"],
            norms: ["norm_added_q", "norm_added_k"])
        let ofImage = try layers.queryKeyValue(tokens.image, heads: heads, headWidth: headWidth)
        let all = zip(ofText, ofImage).map { layers.concatenate([$0, $1], axis: 1) }
        return split(turnedAttention(all, around, layers), around, layers)
    }

    private func turnedAttention(_ all: [GraphValue], _ around: Surroundings, _ layers: Layers) -> GraphValue {
        layers.attention(
            around.positions.turn(all[0]), around.positions.turn(all[1]), all[2], heads: configuration.heads)
    }

    private func split(_ all: GraphValue, _ around: Surroundings, _ layers: Layers) -> Tokens {
        let parts = layers.graph.nodes("Split", [all, around.counts], ["axis": .int(1)], outputs: 2)
        return Tokens(text: parts[0], image: parts[1])
    }

    /// Attention and feed-forward layer side by side, over the tokens of both.
    private func singleBlock(_ all: GraphValue, _ around: Surroundings, _ layers: Layers) throws -> GraphValue {
        let modulation = try layers["norm"].modulations(around.vector, width, count: 1)[0]
        let normal = layers.modulated(all, by: modulation)
        let own = try layers["attn"].queryKeyValue(
            normal, heads: configuration.heads, headWidth: configuration.headWidth)
        let mixed = turnedAttention(own, around, layers)
        let inner = layers.geluTanh(try layers["proj_mlp"].linear(normal, width, 4 * width))
        let both = layers.concatenate([mixed, inner], axis: -1)
        return layers.gated(all, try layers["proj_out"].linear(both, 5 * width, width), by: modulation)
    }
}
