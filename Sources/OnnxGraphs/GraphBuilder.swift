import Foundation
import Models

/// Builds a graph in the ONNX format (onnx.proto, IR version 8, operator set 17, and ONNX Runtime's own operators of
/// `com.microsoft`).
///
/// Nodes are written in the order in which they are added, so each may read only what was made before it.
public final class GraphBuilder {
    private var nodes = ProtobufWriter()
    private var initializers = ProtobufWriter()
    private var inputs = ProtobufWriter()
    private var outputs = ProtobufWriter()
    private var count = 0
    private var integerConstants: [[Int]: GraphValue] = [:]
    private var wholeConstants: [Int: GraphValue] = [:]
    private var numberConstants: [Float: GraphValue] = [:]

    /// The domain of ONNX Runtime's own operators.
    public static let microsoft = "com.microsoft"

    /// An empty graph.
    public init() {}

    /// Adds an input.
    public func input(_ name: String, _ type: ElementType, _ shape: [TensorPort.Extent]) -> GraphValue {
        inputs.add(11) { Self.write(TensorPort(name: name, type: type, shape: shape), to: &$0) }
        return GraphValue(name: name)
    }

    /// Makes a value an output under a name of its own.
    public func output(_ value: GraphValue, _ name: String, _ type: ElementType, _ shape: [TensorPort.Extent]) {
        write(node: "Identity", "", [value], [:], [name])
        outputs.add(12) { Self.write(TensorPort(name: name, type: type, shape: shape), to: &$0) }
    }

    /// A list of whole numbers: a shape, axes, repeats. Equal lists are one constant.
    public func integers(_ values: [Int]) -> GraphValue {
        if let known = integerConstants[values] { return known }
        let made = constant(Self.bytes(values), .int64, [values.count])
        integerConstants[values] = made
        return made
    }

    /// A whole number as a scalar. Equal numbers are one constant.
    public func scalar(_ value: Int) -> GraphValue {
        if let known = wholeConstants[value] { return known }
        let made = constant(Self.bytes([value]), .int64, [])
        wholeConstants[value] = made
        return made
    }

    /// A scalar. Equal scalars are one constant.
    public func number(_ value: Float) -> GraphValue {
        if let known = numberConstants[value] { return known }
        let made = floats([value], [])
        numberConstants[value] = made
        return made
    }

    /// Float32 numbers inside the graph.
    public func floats(_ values: [Float], _ shape: [Int]) -> GraphValue {
        let raw = values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
        return constant(raw, .float32, shape)
    }

    /// A constant inside the graph.
    /// - Parameter elements: little-endian, row-major.
    public func constant(_ elements: Data, _ type: ElementType, _ shape: [Int]) -> GraphValue {
        let value = unnamed("constant")
        initializers.add(5) { proto in
            Self.writeHeader(value, type, shape, to: &proto)
            proto.add(9, elements)
        }
        return value
    }

    /// A constant that stays in its file. One span may be several constants of different shapes.
    public func constant(_ elements: ExternalData, _ type: ElementType, _ shape: [Int]) -> GraphValue {
        let value = unnamed("weight")
        initializers.add(5) { proto in
            Self.writeHeader(value, type, shape, to: &proto)
            for (key, text) in [
                ("location", elements.file), ("offset", "\(elements.offset)"), ("length", "\(elements.byteCount)"),
            ] {
                proto.add(13) { entry in
                    entry.add(1, key)
                    entry.add(2, text)
                }
            }
            proto.add(14, 1)
        }
        return value
    }

    /// Adds a node of one output.
    /// - Parameters:
    ///   - operation: the operator's name.
    ///   - domain: its domain; empty for ONNX's own.
    ///   - inputs: nil for one that is left out.
    public func node(
        _ operation: String, domain: String = "", _ inputs: [GraphValue?], _ attributes: [String: GraphAttribute] = [:]
    ) -> GraphValue {
        nodes(operation, domain: domain, inputs, attributes, outputs: 1)[0]
    }

    /// Adds a node of several outputs.
    public func nodes(
        _ operation: String, domain: String = "", _ inputs: [GraphValue?],
        _ attributes: [String: GraphAttribute] = [:], outputs: Int
    ) -> [GraphValue] {
        let made = (0..<outputs).map { _ in unnamed(operation) }
        write(node: operation, domain, inputs, attributes, made.map(\.name))
        return made
    }

    /// The whole graph as a `ModelProto`.
    public func encoded() -> Data {
        var model = ProtobufWriter()
        model.add(1, 8)
        model.add(2, "ringkey")
        model.add(7) { graph in
            graph.append(nodes)
            graph.add(2, "graph")
            graph.append(initializers)
            graph.append(inputs)
            graph.append(outputs)
        }
        for (domain, version) in [("", 17), (Self.microsoft, 1)] {
            model.add(8) { set in
                set.add(1, domain)
                set.add(2, version)
            }
        }
        return model.bytes
    }

    private static func bytes(_ values: [Int]) -> Data {
        values.map { Int64($0).littleEndian }.withUnsafeBytes { Data($0) }
    }

    private func unnamed(_ hint: String) -> GraphValue {
        count += 1
        return GraphValue(name: "\(hint)_\(count)")
    }

    private func write(
        node operation: String, _ domain: String, _ inputs: [GraphValue?], _ attributes: [String: GraphAttribute],
        _ outputs: [String]
    ) {
        nodes.add(1) { proto in
            for input in inputs { proto.add(1, input?.name ?? "") }
            for output in outputs { proto.add(2, output) }
            proto.add(4, operation)
            for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
                proto.add(5) { attribute.write(name, to: &$0) }
            }
            if !domain.isEmpty { proto.add(7, domain) }
        }
    }

    private static func writeHeader(
        _ value: GraphValue, _ type: ElementType, _ shape: [Int], to proto: inout ProtobufWriter
    ) {
        for extent in shape { proto.add(1, extent) }
        proto.add(2, Int(type.rawValue))
        proto.add(8, value.name)
    }

    private static func write(_ port: TensorPort, to proto: inout ProtobufWriter) {
        proto.add(1, port.name)
        proto.add(2) { type in
            type.add(1) { tensor in
                tensor.add(1, Int(port.type.rawValue))
                tensor.add(2) { shape in
                    for extent in port.shape {
                        shape.add(1) { dimension in
                            switch extent {
                            case .fixed(let number): dimension.add(1, number)
                            case .dynamic(let name): dimension.add(2, name)
                            }
                        }
                    }
                }
            }
        }
    }
}
