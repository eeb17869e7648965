import COnnxRuntime
import Models

extension Session {
    enum Side { case inputs, outputs }

    /// Names, element types and shapes of one side of a graph.
    static func ports(of session: OpaquePointer, _ runtime: OnnxRuntime, _ side: Side) throws(OnnxRuntimeError)
        -> [TensorPort]
    {
        let api = runtime.api
        var count = 0
        switch side {
        case .inputs: try api.check(api.pointee.SessionGetInputCount(session, &count))
        case .outputs: try api.check(api.pointee.SessionGetOutputCount(session, &count))
        }
        var ports: [TensorPort] = []
        for index in 0..<count {
            let name = try name(of: index, session, runtime, side)
            let type = try api.make {
                switch side {
                case .inputs: api.pointee.SessionGetInputTypeInfo(session, index, $0)
                case .outputs: api.pointee.SessionGetOutputTypeInfo(session, index, $0)
                }
            }
            defer { api.pointee.ReleaseTypeInfo(type) }
            ports.append(try port(name: name, type: type, api))
        }
        return ports
    }

    private static func name(
        of index: Int, _ session: OpaquePointer, _ runtime: OnnxRuntime, _ side: Side
    ) throws(OnnxRuntimeError) -> String {
        let api = runtime.api
        var text: UnsafeMutablePointer<CChar>?
        switch side {
        case .inputs: try api.check(api.pointee.SessionGetInputName(session, index, runtime.allocator, &text))
        case .outputs: try api.check(api.pointee.SessionGetOutputName(session, index, runtime.allocator, &text))
        }
        guard let text else { throw OnnxRuntimeError(code: 1, message: "a port without a name") }
        let name = String(cString: text)
        try api.check(api.pointee.AllocatorFree(runtime.allocator, text))
        return name
    }

    private static func port(
        name: String, type: OpaquePointer, _ api: UnsafePointer<CortApi>
    ) throws(OnnxRuntimeError) -> TensorPort {
        var kind: Int32 = 0
        try api.check(api.pointee.GetOnnxTypeFromTypeInfo(type, &kind))
        guard kind == Int32(CORT_ONNX_TENSOR) else {
            throw OnnxRuntimeError(code: 1, message: "\(name) is not a tensor")
        }
        let info = try api.make { api.pointee.CastTypeInfoToTensorInfo(type, $0) }
        var element: Int32 = 0
        try api.check(api.pointee.GetTensorElementType(info, &element))
        guard let element = ElementType(rawValue: element) else {
            throw OnnxRuntimeError(code: 1, message: "\(name) has the unknown element type \(element)")
        }
        let extents = try dimensions(of: info, api)
        var symbols = [UnsafePointer<CChar>?](repeating: nil, count: extents.count)
        try api.check(api.pointee.GetSymbolicDimensions(info, &symbols, extents.count))
        let shape = zip(extents, symbols).map { extent, symbol in
            extent >= 0 ? TensorPort.Extent.fixed(extent) : .dynamic(symbol.map { String(cString: $0) } ?? "")
        }
        return TensorPort(name: name, type: element, shape: shape)
    }

    /// The extents of a shape; -1 is a dynamic one.
    static func dimensions(of info: OpaquePointer, _ api: UnsafePointer<CortApi>) throws(OnnxRuntimeError) -> [Int] {
        var rank = 0
        try api.check(api.pointee.GetDimensionsCount(info, &rank))
        var extents = [Int64](repeating: 0, count: rank)
        try api.check(api.pointee.GetDimensions(info, &extents, rank))
        return extents.map(Int.init)
    }
}
