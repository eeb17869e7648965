import COnnxRuntime

/// The element types of a graph's inputs and outputs that are understood here.
enum ElementType: Int32, Sendable {
    case float32 = 1
    case int32 = 6
    case int64 = 7
    case float16 = 10
    case float64 = 11

    var byteCount: Int {
        switch self {
        case .float16: 2
        case .float32, .int32: 4
        case .int64, .float64: 8
        }
    }

    var name: String {
        switch self {
        case .float32: "float32"
        case .int32: "int32"
        case .int64: "int64"
        case .float16: "float16"
        case .float64: "float64"
        }
    }
}
