/// The value of an attribute of a node.
public enum GraphAttribute: Sendable, Hashable {
    case int(Int)
    case ints([Int])
    case float(Float)
    case string(String)

    /// `AttributeProto.AttributeType` of onnx.proto.
    fileprivate var type: Int {
        switch self {
        case .float: 1
        case .int: 2
        case .string: 3
        case .ints: 7
        }
    }

    func write(_ name: String, to proto: inout ProtobufWriter) {
        proto.add(1, name)
        switch self {
        case .float(let value): proto.add(2, value)
        case .int(let value): proto.add(3, value)
        case .string(let text): proto.add(4, text)
        case .ints(let values): for value in values { proto.add(8, value) }
        }
        proto.add(20, type)
    }
}
