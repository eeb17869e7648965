import OnnxGraphs

/// What a vector does to a layer of a transformer (adaLN-Zero, Peebles and Xie 2023): the layer's input is normalised and
/// becomes x·(1 + scale) + shift, its output is multiplied by the gate. Each is `[B, 1, width]`.
package struct Modulation {
    package let shift: GraphValue
    package let scale: GraphValue
    package let gate: GraphValue
}

extension Layers {
    /// The modulations of several layers by one `linear` of a vector, in the order in which diffusers has them.
    /// - Parameter vector: `[B, 1, width]`, after its activation.
    package func modulations(_ vector: GraphValue, _ width: Int, count: Int) throws -> [Modulation] {
        let all = try self["linear"].linear(vector, width, 3 * count * width)
        let parts = split(all, axis: -1, [Int](repeating: width, count: 3 * count))
        return (0..<count).map { Modulation(shift: parts[3 * $0], scale: parts[3 * $0 + 1], gate: parts[3 * $0 + 2]) }
    }

    /// The normalised input of a modulated layer.
    /// - Parameter x: `[B, tokens, width]`.
    package func modulated(_ x: GraphValue, by modulation: Modulation) -> GraphValue {
        modulated(x, scale: modulation.scale, shift: modulation.shift)
    }

    /// diffusers' `AdaLayerNormContinuous`: modulated by scale, then shift, both by one `linear` of a vector.
    /// - Parameters:
    ///   - x: `[B, tokens, width]`.
    ///   - vector: `[B, 1, width]`, after its activation.
    package func continuousNorm(_ x: GraphValue, _ vector: GraphValue, _ width: Int) throws -> GraphValue {
        let parts = split(try self["linear"].linear(vector, width, 2 * width), axis: -1, [width, width])
        return modulated(x, scale: parts[0], shift: parts[1])
    }

    /// x + gate·y.
    package func gated(_ x: GraphValue, _ y: GraphValue, by modulation: Modulation) -> GraphValue {
        add(x, multiply(y, modulation.gate))
    }

    private func modulated(_ x: GraphValue, scale: GraphValue, shift: GraphValue) -> GraphValue {
        graph.node(
            "LayerNormalization", [x, add(scale, graph.number(1)), shift], ["axis": .int(-1), "epsilon": .float(1e-6)])
    }
}
