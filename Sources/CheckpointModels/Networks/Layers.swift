import OnnxGraphs

/// The layers of a network below one prefix of tensor names, as PyTorch's modules name them: `layers["conv_in"]` is the
/// module `conv_in`, whose weight is `conv_in.weight`.
///
/// Activations are float32: images (`FeatureMap`) and sequences `[B, tokens, width]`. Each method reads the tensors that its
/// module has in PyTorch and adds its nodes; a missing tensor or one of a wrong shape is an `InputError` that names it.
package struct Layers {
    /// What the network is built of.
    package let network: NetworkBuilder
    /// The module's name, without a point at the end; empty for the whole network.
    package let prefix: String

    /// All of a network.
    package init(_ network: NetworkBuilder, prefix: String = "") {
        self.network = network
        self.prefix = prefix
    }

    /// A module inside this one.
    package subscript(_ name: String) -> Layers { Layers(network, prefix: prefix.isEmpty ? name : "\(prefix).\(name)") }

    /// A module of a list inside this one.
    package subscript(_ name: String, _ index: Int) -> Layers { self["\(name).\(index)"] }

    /// The full name of a tensor.
    package func name(_ tensor: String) -> String { prefix.isEmpty ? tensor : "\(prefix).\(tensor)" }

    /// Whether the checkpoint has a tensor, and so the module that it belongs to.
    package func has(_ tensor: String) -> Bool { network.weights.has(name(tensor)) }

    // MARK: - Modules with weights

    /// `Linear`: x·Wᵀ + b over the last axis.
    /// - Parameters:
    ///   - rows: the outputs that are wanted; nil for all.
    ///   - isExact: whether it is float32 in every precision.
    /// - Returns: as `x`, with the outputs for `inputs` in the last axis.
    package func linear(
        _ x: GraphValue, _ inputs: Int, _ outputs: Int, bias: Bool = true, rows: Range<Int>? = nil,
        isExact: Bool = false
    ) throws -> GraphValue {
        try network.linear(
            x, name("weight"), bias ? name("bias") : nil, inputs, outputs, rows: rows, isExact: isExact)
    }

    /// `Embedding`: rows of the weight `[count, width]`.
    /// - Parameter ids: whole numbers below `count`, of any shape.
    /// - Returns: `ids`' shape with `width` behind it.
    package func embedding(_ ids: GraphValue, _ count: Int, _ width: Int) throws -> GraphValue {
        try network.rows(ids, of: name("weight"), [count, width])
    }

    /// `LayerNorm` over the last axis with scale and bias.
    package func layerNorm(_ x: GraphValue, _ width: Int, epsilon: Float = 1e-5) throws -> GraphValue {
        network.graph.node(
            "LayerNormalization",
            [x, try network.float(name("weight"), [width]), try network.float(name("bias"), [width])],
            ["axis": .int(-1), "epsilon": .float(epsilon)])
    }

    /// `RMSNorm` over the last axis: x / √(mean x² + ε) · weight.
    package func rootMeanSquareNorm(_ x: GraphValue, _ width: Int, epsilon: Float = 1e-6) throws -> GraphValue {
        network.graph.node(
            "SimplifiedLayerNormalization", [x, try network.float(name("weight"), [width])],
            ["axis": .int(-1), "epsilon": .float(epsilon)])
    }
}
