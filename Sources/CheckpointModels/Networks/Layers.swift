import InputErrors
import OnnxGraphs

/// The layers of a network below one prefix of tensor names, as PyTorch's modules name them: `layers["conv_in"]` is the
/// module `conv_in`, whose weight is `conv_in.weight`.
///
/// Activations are float32: images `[B, C, h, w]`, sequences `[B, tokens, width]`. Each method reads the tensors that its
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

    /// The number of modules in a list: `blocks.0`, `blocks.1`, …
    package func count(_ list: String) -> Int { network.weights.count(name(list)) }

    // MARK: - Modules with weights

    /// `Linear`: x·Wᵀ + b over the last axis.
    /// - Parameter rows: the outputs that are wanted; nil for all.
    /// - Returns: as `x`, with the outputs for `inputs` in the last axis.
    package func linear(
        _ x: GraphValue, _ inputs: Int, _ outputs: Int, bias: Bool = true, rows: Range<Int>? = nil
    ) throws -> GraphValue {
        try network.linear(x, name("weight"), bias ? name("bias") : nil, inputs, outputs, rows: rows)
    }

    /// `Embedding`: rows of the weight `[count, width]`.
    /// - Parameter ids: whole numbers below `count`, of any shape.
    /// - Returns: `ids`' shape with `width` behind it.
    package func embedding(_ ids: GraphValue, _ count: Int, _ width: Int) throws -> GraphValue {
        try network.rows(ids, of: name("weight"), [count, width])
    }

    /// `Conv2d` of a square kernel.
    /// - Parameter padding: above, left, below and right of the image.
    package func conv(
        _ x: GraphValue, _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1,
        padding: [Int] = [1, 1, 1, 1], bias: Bool = true
    ) throws -> GraphValue {
        try network.conv(
            x, name("weight"), bias ? name("bias") : nil, inputs, outputs, kernel: kernel, stride: stride,
            padding: padding)
    }

    /// `Conv2d` of one pixel.
    package func pointwise(_ x: GraphValue, _ inputs: Int, _ outputs: Int) throws -> GraphValue {
        try conv(x, inputs, outputs, kernel: 1, padding: [0, 0, 0, 0])
    }

    /// `GroupNorm` with scale and bias (Wu and He 2018), over `[B, C, …]`.
    package func groupNorm(_ x: GraphValue, _ channels: Int, groups: Int, epsilon: Float) throws -> GraphValue {
        guard groups > 0, channels % groups == 0 else {
            throw InputError(
                "\(network.weights.name): \(prefix)", expected: "channels in \(groups) groups", found: "\(channels)",
                as: .modelConfiguration)
        }
        let graph = network.graph
        let grouped = graph.node("Reshape", [x, graph.integers([0, groups, -1])])
        let ones = graph.floats([Float](repeating: 1, count: groups), [groups])
        let zeros = graph.floats([Float](repeating: 0, count: groups), [groups])
        let normal = graph.node("InstanceNormalization", [grouped, ones, zeros], ["epsilon": .float(epsilon)])
        let back = graph.node("Reshape", [normal, graph.node("Shape", [x])])
        let scale = try network.float(name("weight"), [channels], as: [channels, 1, 1])
        let bias = try network.float(name("bias"), [channels], as: [channels, 1, 1])
        return graph.node("Add", [graph.node("Mul", [back, scale]), bias])
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
