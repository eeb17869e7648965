import Files
import Foundation
import InputErrors
import Models
import OnnxGraphs
import TensorFiles

/// Builds the graph of one network over the weights of a checkpoint. The weights stay where they are; those that a network
/// in int8 multiplies with are made of them.
package final class NetworkBuilder {
    /// The graph so far.
    package let graph = GraphBuilder()
    /// The checkpoint's tensors.
    package let weights: CheckpointWeights
    private var used: Set<String> = []
    /// The size of the network's input; nil for any.
    package let size: ImageSize?
    /// Whether layers are int8 unless they are exact; then images have one size, and one is a batch.
    package var isQuantized: Bool { quantizer != nil }

    private let quantizer: Quantizer?
    private var made: [TensorLocation: GraphValue] = [:]
    private var sequences: [GraphValue: GraphValue] = [:]
    private var averages: [Int: GraphValue] = [:]

    /// An empty network.
    /// - Parameter quantization: of a network in int8; nil for float32.
    package init(_ weights: CheckpointWeights, _ quantization: Quantization? = nil) {
        self.weights = weights
        size = quantization?.size
        quantizer = quantization.map { [graph] in Quantizer($0, graph) }
    }

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
        // Rounding to 8 bits would make numbers of NaN that look like any others.
        if isQuantized { try requireFinite(location, tensor) }
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
    ///   - isExact: whether it is float32 in every precision.
    package func linear(
        _ x: GraphValue, _ weight: String, _ bias: String?, _ inputs: Int, _ outputs: Int, rows: Range<Int>? = nil,
        isExact: Bool = false
    ) throws -> GraphValue {
        let isConvolution = try weights.tensor(weight).shape.count == 4
        let shape = isConvolution ? [outputs, inputs, 1, 1] : [outputs, inputs]
        if let quantizer, !isExact {
            let location = try quantizable(weight, shape, as: [outputs, inputs], rows: rows)
            return try quantizer.linear(x, location, bias: bias.map { try float($0, [outputs], rows: rows) })
        }
        let matrix = try float(weight, shape, as: [outputs, inputs], rows: rows)
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
        let kernels = [outputs, inputs, kernel, kernel]
        let filter = try float(weight, kernelShape(weight, kernels), as: kernels)
        return graph.node(
            "Conv", [x, filter, try bias.map { try float($0, [outputs]) }],
            [
                "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]), "pads": .ints(padding),
            ])
    }

    /// A convolution of the tokens of an image in int8, `[1, h·w, inputs]`.
    /// - Parameters:
    ///   - shift: added to each pixel, `[1, outputs]`.
    ///   - convolution: which pixels it sees.
    package func conv(
        _ x: GraphValue, _ weight: String, _ bias: String?, _ inputs: Int, _ outputs: Int, _ shift: GraphValue?,
        _ convolution: GatheredConvolution
    ) throws -> GraphValue {
        guard let quantizer else { preconditionFailure("\(weight): tokens in a float32 network") }
        let kernels = [outputs, inputs, convolution.kernel, convolution.kernel]
        let isPointwise = convolution.isPointwise
        let location = try quantizable(
            weight, kernelShape(weight, kernels), as: isPointwise ? [outputs, inputs] : kernels)
        var total = try bias.map { try float($0, [outputs]) }
        if let shift {
            let flat = graph.node("Reshape", [shift, graph.integers([-1])])
            total = total.map { graph.node("Add", [flat, $0]) } ?? flat
        }
        return isPointwise
            ? quantizer.linear(x, location, bias: total)
            : quantizer.convolution(x, location, bias: total, convolution)
    }

    /// An image's pixels as a sequence, `[B, h·w, C]`.
    package func tokens(_ image: FeatureMap) -> GraphValue {
        if let known = sequences[image.value] { return known }
        let rows = graph.node("Reshape", [image.value, graph.integers([0, image.channels, -1])])
        let made = graph.node("Transpose", [rows], ["perm": .ints([0, 2, 1])])
        sequences[image.value] = made
        return made
    }

    /// `[1, 1, count]`, each 1/count: a product with it is a mean.
    package func average(of count: Int) -> GraphValue {
        if let known = averages[count] { return known }
        let made = graph.node("Expand", [graph.number(1 / Float(count)), graph.integers([1, 1, count])])
        averages[count] = made
        return made
    }

    /// Refuses a checkpoint with tensors that the network has no place for: it is of another architecture.
    /// - Parameter ignored: whether a name may be left over, such as a buffer of positions.
    package func requireAllUsed(ignoring ignored: (String) -> Bool = { _ in false }) throws {
        guard let extra = weights.tensors.keys.filter({ !used.contains($0) && !ignored($0) }).min() else { return }
        throw InputError(
            "\(weights.name): \(extra)", expected: "tensors that the configuration has a place for", found: "one more",
            as: .checkpoint)
    }

    /// Autoencoders and UNets have linear layers where others have convolutions of one pixel.
    private func kernelShape(_ weight: String, _ kernels: [Int]) throws -> [Int] {
        try kernels[2] == 1 && weights.tensor(weight).shape.count == 2 ? Array(kernels[..<2]) : kernels
    }

    /// A tensor that is made int8.
    private func quantizable(
        _ tensor: String, _ shape: [Int], as view: [Int], rows: Range<Int>? = nil
    ) throws -> TensorLocation {
        let whole = try weights.tensor(tensor, shape).viewed(as: view)
        used.insert(tensor)
        return rows.map(whole.rows) ?? whole
    }

    private func requireFinite(_ location: TensorLocation, _ tensor: String) throws {
        // Other types are refused where the constant is made.
        guard [.float32, .float16, .bfloat16].contains(location.type) else { return }
        let isFinite = try StoredNumbers.read(
            location.count, location.type, from: RegularFile(opening: location.file), at: location.offset
        ) { $0.allSatisfy(\.isFinite) }
        guard isFinite else {
            throw InputError(
                "\(weights.name): \(tensor)", expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
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
