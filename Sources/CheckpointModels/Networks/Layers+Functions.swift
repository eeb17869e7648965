import OnnxGraphs

/// Layers without weights.
extension Layers {
    /// The graph itself, for what no layer does.
    package var graph: GraphBuilder { network.graph }

    /// x·σ(x), also called swish.
    package func silu(_ x: GraphValue) -> GraphValue {
        graph.node("QuickGelu", domain: GraphBuilder.microsoft, [x], ["alpha": .float(1)])
    }

    /// x·σ(1.702·x), CLIP's `quick_gelu`.
    package func quickGelu(_ x: GraphValue) -> GraphValue {
        graph.node("QuickGelu", domain: GraphBuilder.microsoft, [x], ["alpha": .float(1.702)])
    }

    /// max(x, 0).
    package func relu(_ x: GraphValue) -> GraphValue { graph.node("Relu", [x]) }

    /// The hyperbolic tangent.
    package func tanh(_ x: GraphValue) -> GraphValue { graph.node("Tanh", [x]) }

    /// x·Φ(x), exactly.
    package func gelu(_ x: GraphValue) -> GraphValue { graph.node("Gelu", domain: GraphBuilder.microsoft, [x]) }

    /// x·Φ(x) by its approximation with tanh.
    package func geluTanh(_ x: GraphValue) -> GraphValue { graph.node("FastGelu", domain: GraphBuilder.microsoft, [x]) }

    /// x + y, broadcast as NumPy does.
    package func add(_ x: GraphValue, _ y: GraphValue) -> GraphValue { graph.node("Add", [x, y]) }

    /// x·y element by element, broadcast as NumPy does.
    package func multiply(_ x: GraphValue, _ y: GraphValue) -> GraphValue { graph.node("Mul", [x, y]) }

    /// x·factor.
    package func multiply(_ x: GraphValue, _ factor: Float) -> GraphValue { multiply(x, graph.number(factor)) }

    /// scale·x + offset.
    package func affine(_ x: GraphValue, scale: Float, offset: Float) -> GraphValue {
        add(multiply(x, scale), graph.number(offset))
    }

    /// The extent of one axis, as a list of one number.
    package func extent(_ x: GraphValue, axis: Int) -> GraphValue {
        graph.node("Shape", [x], ["start": .int(axis), "end": .int(axis + 1)])
    }

    /// Another shape: 0 keeps an extent, -1 takes what is left.
    package func reshape(_ x: GraphValue, _ shape: [Int]) -> GraphValue {
        graph.node("Reshape", [x, graph.integers(shape)])
    }

    /// Axes in another order.
    package func transpose(_ x: GraphValue, _ order: [Int]) -> GraphValue {
        graph.node("Transpose", [x], ["perm": .ints(order)])
    }

    /// Values one behind the other along an axis.
    package func concatenate(_ values: [GraphValue], axis: Int) -> GraphValue {
        graph.node("Concat", values, ["axis": .int(axis)])
    }

    /// Elements `range` of an axis.
    package func slice(_ x: GraphValue, axis: Int, _ range: Range<Int>) -> GraphValue {
        graph.node(
            "Slice",
            [
                x, graph.integers([range.lowerBound]), graph.integers([range.upperBound]), graph.integers([axis]),
            ])
    }

    /// Equal parts of an axis whose extents are given.
    package func split(_ x: GraphValue, axis: Int, _ extents: [Int]) -> [GraphValue] {
        graph.nodes("Split", [x, graph.integers(extents)], ["axis": .int(axis)], outputs: extents.count)
    }

    /// Scaled dot-product attention of several heads (Vaswani et al. 2017): softmax(q·kᵀ/√d)·v.
    /// - Parameters:
    ///   - query: `[B, n, heads·d]`.
    ///   - key: `[B, m, heads·d]`.
    ///   - value: `[B, m, heads·d]`.
    ///   - isCausal: whether a token sees only itself and those before it.
    /// - Returns: `[B, n, heads·d]`.
    package func attention(
        _ query: GraphValue, _ key: GraphValue, _ value: GraphValue, heads: Int, isCausal: Bool = false,
        scale: Float? = nil, bias: GraphValue? = nil
    ) -> GraphValue {
        var attributes: [String: GraphAttribute] = ["num_heads": .int(heads)]
        if isCausal { attributes["unidirectional"] = .int(1) }
        if let scale { attributes["scale"] = .float(scale) }
        return graph.node(
            "MultiHeadAttention", domain: GraphBuilder.microsoft, [query, key, value, nil, nil, bias], attributes)
    }
}
