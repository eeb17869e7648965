import Models
import OnnxGraphs

/// transformers' `CLIPTextModel` and `CLIPTextModelWithProjection` (Radford et al. 2021): a causal transformer over tokens.
package struct CLIPText: Sendable {
    /// What shapes it.
    package let configuration: CLIPTextConfiguration
    /// Whether what it says of a whole text is projected.
    package let isProjected: Bool

    /// A network of that shape.
    package init(configuration: CLIPTextConfiguration, isProjected: Bool) {
        self.configuration = configuration
        self.isProjected = isProjected
    }

    /// Encodes texts.
    /// - Parameters:
    ///   - ids: `[B, tokens]`, whole numbers.
    ///   - layers: of the whole network; names may begin with `text_model.` or not.
    package func encode(_ ids: GraphValue, _ layers: Layers) throws -> [TextOutput: GraphValue] {
        let isPrefixed = layers.has("text_model.embeddings.token_embedding.weight")
        let model = isPrefixed ? layers["text_model"] : layers
        var x = try embed(ids, model["embeddings"])
        var penultimate = x
        for index in 0..<configuration.layers {
            penultimate = x
            x = try block(x, model["encoder.layers", index])
        }
        let last = try norm(x, model["final_layer_norm"])
        var pooled = pool(last, ids, layers)
        if isProjected { pooled = try project(pooled, layers) }
        return [.lastHiddenState: last, .penultimate: penultimate, .pooled: pooled]
    }

    /// transformers' matrix has a row for each output; OpenCLIP's, which is no module, has a column.
    private func project(_ x: GraphValue, _ layers: Layers) throws -> GraphValue {
        let (width, outputs, openCLIP) = (configuration.width, configuration.projectionWidth, "text_projection")
        guard layers.has(openCLIP) else { return try layers[openCLIP].linear(x, width, outputs, bias: false) }
        return layers.graph.node("MatMul", [x, try layers.network.float(openCLIP, [width, outputs])])
    }

    /// Numbers of the tokens plus numbers of their places.
    private func embed(_ ids: GraphValue, _ layers: Layers) throws -> GraphValue {
        let graph = layers.graph
        let tokens = try layers["token_embedding"].embedding(ids, configuration.vocabulary, configuration.width)
        let places = graph.node(
            "Range", [graph.scalar(0), graph.node("Squeeze", [layers.extent(ids, axis: 1)]), graph.scalar(1)])
        return layers.add(
            tokens, try layers["position_embedding"].embedding(places, configuration.positions, configuration.width))
    }

    /// Attention to the tokens before, then two linear layers; each is added to what it was given.
    private func block(_ x: GraphValue, _ layers: Layers) throws -> GraphValue {
        let (width, inner) = (configuration.width, configuration.innerWidth)
        let attention = layers["self_attn"]
        let tokens = try norm(x, layers["layer_norm1"])
        let mixed = layers.attention(
            try attention["q_proj"].linear(tokens, width, width), try attention["k_proj"].linear(tokens, width, width),
            try attention["v_proj"].linear(tokens, width, width), heads: configuration.heads, isCausal: true)
        let x = layers.add(x, try attention["out_proj"].linear(mixed, width, width))
        let wide = try layers["mlp.fc1"].linear(try norm(x, layers["layer_norm2"]), width, inner)
        return layers.add(x, try layers["mlp.fc2"].linear(activate(wide, layers), inner, width))
    }

    private func norm(_ x: GraphValue, _ layers: Layers) throws -> GraphValue {
        try layers.layerNorm(x, configuration.width, epsilon: configuration.epsilon)
    }

    private func activate(_ x: GraphValue, _ layers: Layers) -> GraphValue {
        switch configuration.activation {
        case .quickGelu: layers.quickGelu(x)
        case .gelu: layers.gelu(x)
        }
    }

    /// The state of each text's first end token.
    private func pool(_ states: GraphValue, _ ids: GraphValue, _ layers: Layers) -> GraphValue {
        let graph = layers.graph
        // Configurations from before the end token was said truly have 2, and the end is the highest id there is.
        let isSaid = configuration.endToken != 2
        let marks = isSaid ? graph.node("Equal", [ids, graph.scalar(configuration.endToken)]) : ids
        let numbers = graph.node("Cast", [marks], ["to": .int(Int(ElementType.int32.rawValue))])
        let end = graph.node("ArgMax", [numbers], ["axis": .int(1), "keepdims": .int(1)])
        return graph.node("GatherND", [states, end], ["batch_dims": .int(1)])
    }
}
