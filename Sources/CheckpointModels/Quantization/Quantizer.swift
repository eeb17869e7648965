import Foundation
import Models
import OnnxGraphs

/// Adds products of 8-bit integers to a graph. What several products share, the activations in 8 bits above all, is made
/// once.
package final class Quantizer {
    /// An activation in 8 bits: x = scale·(value - zero).
    package struct Activation {
        /// uint8, as the activation.
        package let values: GraphValue
        /// float32, one number.
        package let scale: GraphValue
        /// uint8, one number.
        package let zero: GraphValue
    }

    private struct Matrix: Hashable {
        let location: TensorLocation
        let kind: QuantizedMatrixKind
    }

    private struct Rows: Hashable {
        let convolution: GatheredConvolution
        let rows: Range<Int>
    }

    private let quantization: Quantization
    private let graph: GraphBuilder
    private var activations: [GraphValue: Activation] = [:]
    private var padded: [GraphValue: GraphValue] = [:]
    private var weights: [Matrix: (values: GraphValue, scales: GraphValue)] = [:]
    private var indices: [Rows: GraphValue] = [:]

    package init(_ quantization: Quantization, _ graph: GraphBuilder) {
        self.quantization = quantization
        self.graph = graph
    }

    /// x·Wᵀ + bias over the last axis of a batch of 1.
    /// - Parameters:
    ///   - weight: `[N, K]`.
    ///   - bias: `[N]`, float32.
    package func linear(_ x: GraphValue, _ weight: TensorLocation, bias: GraphValue?) -> GraphValue {
        let x = activation(x)
        return product(x.values, x, Matrix(location: weight, kind: .linear), bias)
    }

    /// A convolution of the tokens of an image, `[1, h·w, C]`: patches are gathered, then multiplied.
    /// - Parameters:
    ///   - weight: `[N, C, kernel, kernel]`.
    ///   - bias: `[N]`, float32.
    /// - Returns: `[1, tokens, N]`.
    package func convolution(
        _ x: GraphValue, _ weight: TensorLocation, bias: GraphValue?, _ convolution: GatheredConvolution
    ) -> GraphValue {
        let (x, output) = (activation(x), convolution.output)
        let length = weight.shape.dropFirst().reduce(1, *)
        let most = max(1, quantization.largestBand / (length * output.width))
        let count = (output.height + most - 1) / most
        let bands = (0..<count).map { band in
            let rows = band * output.height / count..<(band + 1) * output.height / count
            let patches = graph.node(
                "Gather", [withOutside(x), index(convolution, rows)], ["axis": .int(1)])
            let matrix = graph.node("Reshape", [patches, graph.integers([1, rows.count * output.width, length])])
            return product(matrix, x, Matrix(location: weight, kind: .convolution), bias)
        }
        return bands.count == 1 ? bands[0] : graph.node("Concat", bands, ["axis": .int(1)])
    }

    private func product(
        _ values: GraphValue, _ x: Activation, _ matrix: Matrix, _ bias: GraphValue?
    ) -> GraphValue {
        let weight = self.weight(matrix)
        return graph.node(
            "MatMulIntegerToFloat", domain: GraphBuilder.microsoft,
            [values, weight.values, x.scale, weight.scales, x.zero, nil, bias])
    }

    private func activation(_ x: GraphValue) -> Activation {
        if let known = activations[x] { return known }
        let made = graph.nodes("DynamicQuantizeLinear", [x], outputs: 3)
        let activation = Activation(values: made[0], scale: made[1], zero: made[2])
        activations[x] = activation
        return activation
    }

    /// One token more, all zeros, for what is outside the image.
    private func withOutside(_ x: Activation) -> GraphValue {
        if let known = padded[x.values] { return known }
        let made = graph.node("Pad", [x.values, graph.integers([0, 0, 0, 0, 1, 0]), x.zero])
        padded[x.values] = made
        return made
    }

    private func weight(_ matrix: Matrix) -> (values: GraphValue, scales: GraphValue) {
        if let known = weights[matrix] { return known }
        let data = quantization.weights.matrix(matrix.location, matrix.kind)
        let shape = matrix.location.shape
        let made = (
            values: graph.constant(data.values, .int8, [shape.dropFirst().reduce(1, *), shape[0]]),
            scales: graph.constant(data.scales, .float32, [shape[0]])
        )
        weights[matrix] = made
        return made
    }

    /// The token of each element of the patches, int32 `[rows, width, kernel, kernel]`.
    private func index(_ convolution: GatheredConvolution, _ rows: Range<Int>) -> GraphValue {
        let key = Rows(convolution: convolution, rows: rows)
        if let known = indices[key] { return known }
        let (kernel, width) = (convolution.kernel, convolution.output.width)
        let ofRows = constant(rows.flatMap(convolution.row), [rows.count, 1, kernel, 1])
        let ofColumns = constant((0..<width).flatMap(convolution.column), [1, width, 1, kernel])
        let outside = constant([convolution.outside], [])
        // One that is outside in either direction is the same or more.
        let made = graph.node("Min", [graph.node("Add", [ofRows, ofColumns]), outside])
        indices[key] = made
        return made
    }

    private func constant(_ values: [Int], _ shape: [Int]) -> GraphValue {
        graph.constant(values.map { Int32($0).littleEndian }.withUnsafeBytes { Data($0) }, .int32, shape)
    }
}
