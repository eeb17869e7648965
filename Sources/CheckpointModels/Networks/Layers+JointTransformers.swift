import OnnxGraphs

/// What the transformers of text and image tokens (Esser et al. 2024) have in common.
extension Layers {
    /// The extent of one axis, `[1]`, for shapes that depend on the input.
    package func extent(_ x: GraphValue, _ axis: Int) -> GraphValue {
        graph.node("Shape", [x], ["start": .int(axis), "end": .int(axis + 1)])
    }

    /// Whole numbers from `start` to one below `end`, which are `[1]`.
    package func range(from start: GraphValue, to end: GraphValue) -> GraphValue {
        graph.node("Range", [start, end, graph.integers([1])].map { graph.node("Squeeze", [$0]) })
    }

    /// The vector that modulates all blocks, from the timestep and the pooled text (and the guidance): sums of two linear
    /// layers each.
    /// - Parameters:
    ///   - timestep: `[B]` or `[1]`, on the training schedule.
    ///   - guidance: 1,000 times the scale of guidance, `[B]` or `[1]`; nil for none.
    ///   - pooled: `[B, pooledWidth]`.
    /// - Returns: after its activation, `[B, 1, width]`.
    package func timeAndText(
        _ timestep: GraphValue, guidance: GraphValue?, _ pooled: GraphValue, _ pooledWidth: Int, _ width: Int
    ) throws -> GraphValue {
        let sinusoidWidth = 256
        func embedded(_ number: GraphValue, _ name: String) throws -> GraphValue {
            try self[name].twoLinears(sinusoids(reshape(number, [-1, 1]), sinusoidWidth), sinusoidWidth, width)
        }
        var sum = try embedded(timestep, "timestep_embedder")
        if let guidance { sum = add(sum, try embedded(guidance, "guidance_embedder")) }
        sum = add(sum, try self["text_embedder"].twoLinears(pooled, pooledWidth, width))
        return reshape(silu(sum), [-1, 1, width])
    }

    /// linear_2(silu(linear_1(x))).
    private func twoLinears(_ x: GraphValue, _ inputs: Int, _ width: Int) throws -> GraphValue {
        try self["linear_2"].linear(silu(try self["linear_1"].linear(x, inputs, width)), width, width)
    }

    /// diffusers' `FeedForward` with `gelu-approximate`: four times as wide inside.
    package func feedForward(_ x: GraphValue, _ width: Int) throws -> GraphValue {
        let inner = geluTanh(try self["net.0.proj"].linear(x, width, 4 * width))
        return try self["net.2"].linear(inner, 4 * width, width)
    }

    /// Query, key and value of some tokens, `[B, tokens, heads·headWidth]` each.
    /// - Parameters:
    ///   - names: of the three linear layers.
    ///   - norms: of the root-mean-square norms of each head's query and key; nil for none.
    package func queryKeyValue(
        _ x: GraphValue, heads: Int, headWidth: Int, names: [String] = ["to_q", "to_k", "to_v"],
        norms: [String]? = ["norm_q", "norm_k"]
    ) throws -> [GraphValue] {
        let width = heads * headWidth
        var values = try names.map { try self[$0].linear(x, width, width) }
        for (index, norm) in (norms ?? []).enumerated() {
            let byHead = reshape(values[index], [0, 0, heads, headWidth])
            let normal = try self[norm].rootMeanSquareNorm(byHead, headWidth, epsilon: 1e-6)
            values[index] = reshape(normal, [0, 0, width])
        }
        return values
    }
}
