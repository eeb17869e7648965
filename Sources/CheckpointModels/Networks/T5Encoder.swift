import Foundation
import OnnxGraphs

/// The encoder of T5 (Raffel et al. 2020): a transformer without biases whose attention knows of places by their distance.
package struct T5Encoder: Sendable {
    /// What shapes it.
    package let configuration: T5EncoderConfiguration

    /// A network of that shape.
    package init(configuration: T5EncoderConfiguration) {
        self.configuration = configuration
    }

    /// The numbers of a token in a hidden state.
    package var width: Int { configuration.width }

    /// Encodes texts: `[B, tokens]`, whole numbers, to `[B, tokens, width]`.
    package func encode(_ ids: GraphValue, _ layers: Layers) throws -> GraphValue {
        let encoder = layers["encoder"]
        let table = layers.has("shared.weight") ? layers["shared"] : encoder["embed_tokens"]
        var x = try table.embedding(ids, configuration.vocabulary, width)
        // All blocks have the first one's.
        let bias = try distanceBias(ids, encoder["block.0.layer.0.SelfAttention.relative_attention_bias"])
        for index in 0..<configuration.layers {
            let block = encoder["block", index]
            x = layers.add(x, try attention(norm(x, block["layer.0.layer_norm"]), bias, block["layer.0.SelfAttention"]))
            x = layers.add(x, try feedForward(norm(x, block["layer.1.layer_norm"]), block["layer.1.DenseReluDense"]))
        }
        return try norm(x, encoder["final_layer_norm"])
    }

    private func norm(_ x: GraphValue, _ layers: Layers) throws -> GraphValue {
        try layers.rootMeanSquareNorm(x, width, epsilon: configuration.epsilon)
    }

    private func attention(_ x: GraphValue, _ bias: GraphValue, _ layers: Layers) throws -> GraphValue {
        let inner = configuration.heads * configuration.headWidth
        let mixed = layers.attention(
            try layers["q"].linear(x, width, inner, bias: false), try layers["k"].linear(x, width, inner, bias: false),
            try layers["v"].linear(x, width, inner, bias: false), heads: configuration.heads, scale: 1, bias: bias)
        return try layers["o"].linear(mixed, inner, width, bias: false)
    }

    private func feedForward(_ x: GraphValue, _ layers: Layers) throws -> GraphValue {
        let inner = configuration.innerWidth
        let wide: GraphValue
        if configuration.isGated {
            let gate = layers.geluTanh(try layers["wi_0"].linear(x, width, inner, bias: false))
            wide = layers.multiply(gate, try layers["wi_1"].linear(x, width, inner, bias: false))
        } else {
            wide = layers.relu(try layers["wi"].linear(x, width, inner, bias: false))
        }
        return try layers["wo"].linear(wide, inner, width, bias: false)
    }

    /// What is added to the attention of token i to token j, by j - i: `[1, heads, tokens, tokens]`.
    private func distanceBias(_ ids: GraphValue, _ layers: Layers) throws -> GraphValue {
        let graph = layers.graph
        let farthest = configuration.maximumDistance
        let groups = graph.integers((-farthest...farthest).map(group))
        let biases = layers.transpose(
            try layers.embedding(groups, configuration.buckets, configuration.heads), [1, 0])
        let count = graph.node("Squeeze", [layers.extent(ids, axis: 1)])
        let places = graph.node("Range", [graph.scalar(0), count, graph.scalar(1)])
        let distances = graph.node("Sub", [layers.reshape(places, [1, -1]), layers.reshape(places, [-1, 1])])
        let near = graph.node("Clip", [distances, graph.scalar(-farthest), graph.scalar(farthest)])
        let chosen = graph.node("Gather", [biases, layers.add(near, graph.scalar(farthest))], ["axis": .int(1)])
        return graph.node("Unsqueeze", [chosen, graph.integers([0])])
    }

    /// The group of a distance: near ones have a group each, farther ones share groups that grow with the logarithm.
    /// In Float, as transformers computes it: whole logarithms are edges of groups.
    package func group(_ distance: Int) -> Int {
        let half = configuration.buckets / 2
        let near = half / 2
        let start = distance > 0 ? half : 0
        let size = abs(distance)
        guard size >= near else { return start + size }
        let range = Float(log(Double(configuration.maximumDistance) / Double(near)))
        let far = near + Int(log(Float(size) / Float(near)) / range * Float(half - near))
        return start + min(far, half - 1)
    }
}
