import Foundation
import InputErrors
import Models
import OnnxGraphs
import TensorFiles

/// Builds the graph of one network over the weights of a checkpoint. The weights stay where they are.
package final class NetworkBuilder {
    /// The graph so far.
    package let graph = GraphBuilder()
    /// The checkpoint's tensors.
    package let weights: CheckpointWeights
    private var used: Set<String> = []
    private var made: [TensorLocation: GraphValue] = [:]

    /// An empty network.
    package init(_ weights: CheckpointWeights) { self.weights = weights }

    /// A tensor of numbers as float32.
    /// - Parameters:
    ///   - shape: what it must have.
    ///   - view: under which it is wanted; nil for `shape`.
    ///   - rows: those of the view's first axis that are wanted; nil for all.
    package func float(
        _ tensor: String, _ shape: [Int], as view: [Int]? = nil, rows: Range<Int>? = nil
    ) throws -> GraphValue {
        let whole = try weights.tensor(tensor, shape).viewed(as: view ?? shape)
        used.insert(tensor)
        let location = rows.map(whole.rows) ?? whole
        if let known = made[location] { return known }
        let value = try constant(location, tensor)
        made[location] = value
        return value
    }

    /// Rows of a table of numbers, as float32.
    /// - Parameters:
    ///   - ids: which rows, of any shape; one that is not there makes the graph fail when it runs.
    ///   - shape: of the table, `[rows, width]`.
    /// - Returns: `ids`' shape with `width` behind it.
    package func rows(_ ids: GraphValue, of tensor: String, _ shape: [Int]) throws -> GraphValue {
        let location = try weights.tensor(tensor, shape)
        used.insert(tensor)
        // Rows are taken before they are made float32: a table may be the half of a network.
        let (table, isFloat) = try stored(location, tensor)
        let taken = graph.node("Gather", [table, ids])
        return isFloat ? taken : cast(taken)
    }

    /// x·Wᵀ + b over the last axis of `[…, inputs]`.
    /// - Parameters:
    ///   - weight: the name of W: `[outputs, inputs]`, or a convolution of one pixel, `[outputs, inputs, 1, 1]`.
    ///   - bias: the name of b, `[outputs]`; nil for none.
    ///   - rows: the outputs that are wanted; nil for all.
    package func linear(
        _ x: GraphValue, _ weight: String, _ bias: String?, _ inputs: Int, _ outputs: Int, rows: Range<Int>? = nil
    ) throws -> GraphValue {
        let isConvolution = try weights.tensor(weight).shape.count == 4
        let matrix = try float(
            weight, isConvolution ? [outputs, inputs, 1, 1] : [outputs, inputs], as: [outputs, inputs],
            rows: rows)
        let product = graph.node(
            "FusedMatMul", domain: GraphBuilder.microsoft, [x, matrix], ["transB": .int(1)])
        guard let bias else { return product }
        return graph.node("Add", [product, try float(bias, [outputs], rows: rows)])
    }

    /// A convolution of `[B, inputs, h, w]` with a square kernel `[outputs, inputs, kernel, kernel]`.
    /// - Parameter padding: above, left, below and right of the image.
    package func conv(
        _ x: GraphValue, _ weight: String, _ bias: String?, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int,
        padding: [Int]
    ) throws -> GraphValue {
        // Autoencoders and UNets have linear layers where others have convolutions of one pixel.
        let isMatrix = try kernel == 1 && weights.tensor(weight).shape.count == 2
        let kernels = [outputs, inputs, kernel, kernel]
        let filter = try float(weight, isMatrix ? [outputs, inputs] : kernels, as: kernels)
        return graph.node(
            "Conv", [x, filter, try bias.map { try float($0, [outputs]) }],
            [
                "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]), "pads": .ints(padding),
            ])
    }

    /// Refuses a checkpoint with tensors that the network has no place for: it is of another architecture.
    /// - Parameter ignored: whether a name may be left over, such as a buffer of positions.
    package func requireAllUsed(ignoring ignored: (String) -> Bool = { _ in false }) throws {
        guard let extra = weights.tensors.keys.filter({ !used.contains($0) && !ignored($0) }).min() else { return }
        throw InputError(
            "\(weights.name): \(extra)", expected: "tensors that the configuration has a place for", found: "one more",
            as: .checkpoint)
    }

    private func constant(_ location: TensorLocation, _ tensor: String) throws -> GraphValue {
        let (value, isFloat) = try stored(location, tensor)
        return isFloat ? value : cast(value)
    }

    private func cast(_ half: GraphValue) -> GraphValue {
        graph.node("Cast", [half], ["to": .int(Int(ElementType.float32.rawValue))])
    }

    /// A tensor in the type that it has in its file.
    private func stored(_ location: TensorLocation, _ tensor: String) throws -> (GraphValue, isFloat: Bool) {
        let type: ElementType
        switch location.type {
        case .float32: type = .float32
        case .float16: type = .float16
        case .bfloat16: type = .bfloat16
        default:
            throw InputError(
                "\(weights.name): \(tensor)", expected: "F32, F16 or BF16", found: location.type.rawValue,
                as: .checkpoint)
        }
        // The graph is loaded with / as its folder, since ONNX Runtime follows no link and leaves no folder.
        let data = ExternalData(
            file: String(location.file.drop { $0 == "/" }), offset: location.offset, byteCount: location.byteCount)
        return (graph.constant(data, type, location.shape), type == .float32)
    }
}
