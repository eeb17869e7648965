import COnnxRuntime
import InputErrors
import Models
import Tensors

extension Session {
    /// Runs the graph.
    /// - Parameters:
    ///   - feeds: one tensor an input, in the order of `inputs`; float32 inputs read its memory, others a converted copy.
    ///   - output: the index of the wanted output.
    ///   - shape: the output's shape where the caller knows it: a float32 output is then written straight into the
    ///     result. With nil the graph says it.
    /// - Throws: `InputError` naming the file and the input that does not fit, or what ONNX Runtime says.
    public func run(_ feeds: [Tensor], output: Int = 0, shape: [Int]? = nil) throws -> Tensor {
        precondition(feeds.count == inputs.count, "\(feeds.count) feeds for \(inputs.count) inputs")
        for (port, feed) in zip(inputs, feeds) {
            guard port.accepts(feed.shape) else {
                throw InputError(
                    "\(path): input \(port.name)", expected: "\(port)", found: "shape \(feed.shape)", as: .wrongShape)
            }
            guard port.type.byteCount != nil else {
                throw InputError(
                    "\(path): input \(port.name)", expected: "a number type", found: "\(port.type)", as: .modelGraph)
            }
        }
        guard outputs[output].type.isDecodable else {
            throw InputError(
                "\(path): output \(outputs[output].name)", expected: "float32, float16 or float64",
                found: "\(outputs[output].type)", as: .modelGraph)
        }
        do {
            let operands = try zip(inputs, feeds).map { try Operand($1, as: $0.type, runtime) }
            let result = try withExtendedLifetime(operands) {
                try run(operands.map { Optional($0.value) }, output: output, shape: shape)
            }
            guard result.isFiniteThroughout else {
                throw InputError(
                    "\(path): output \(outputs[output].name)", expected: "finite numbers", found: "NaN or infinity",
                    as: .notFinite)
            }
            return result
        } catch let error as OnnxRuntimeError {
            throw InputError(path, expected: "a graph that runs on its inputs", found: error.message, as: .modelGraph)
        }
    }

    private func run(_ operands: [OpaquePointer?], output: Int, shape: [Int]?) throws -> Tensor {
        let type = outputs[output].type
        guard let shape, type == .float32 else {
            var value: OpaquePointer?
            try call(operands, output, &value)
            guard let value else { throw OnnxRuntimeError(code: 1, message: "no output was made") }
            defer { runtime.api.pointee.ReleaseValue(value) }
            return try read(value, type: type)
        }
        return try Tensor(shape: shape) { target in
            let bound = try Operand(UnsafeMutableRawBufferPointer(target), shape: shape, type: type, runtime)
            var value: OpaquePointer? = bound.value
            try withExtendedLifetime(bound) { try call(operands, output, &value) }
        }
    }

    private func call(_ operands: [OpaquePointer?], _ output: Int, _ value: inout OpaquePointer?) throws {
        try outputNames[output...].withUnsafeBufferPointer { outputName in
            try runtime.api.check(
                runtime.api.pointee.Run(
                    handle, nil, inputNames, operands, operands.count, outputName.baseAddress, 1, &value))
        }
    }

    /// A copy of a value that ONNX Runtime allocated.
    private func read(_ value: OpaquePointer, type: ElementType) throws -> Tensor {
        let api = runtime.api
        let info = try api.make { api.pointee.GetTensorTypeAndShape(value, $0) }
        defer { api.pointee.ReleaseTensorTypeAndShapeInfo(info) }
        let shape = try Self.dimensions(of: info, api)
        var memory: UnsafeMutableRawPointer?
        try api.check(api.pointee.GetTensorMutableData(value, &memory))
        guard let memory else { return Tensor(zeros: shape) }
        return type.decode(memory, shape: shape)
    }
}

/// An `OrtValue` over memory that stays in place as long as it.
private final class Operand {
    let value: OpaquePointer
    private let runtime: OnnxRuntime
    private let tensor: Tensor?
    private let converted: UnsafeMutableRawPointer?

    /// Over the tensor's own memory for float32, over a converted copy otherwise.
    init(_ tensor: Tensor, as type: ElementType, _ runtime: OnnxRuntime) throws {
        self.runtime = runtime
        let byteCount = tensor.count * (type.byteCount ?? 0)
        if type == .float32 {
            self.tensor = tensor
            converted = nil
            let memory = tensor.withUnsafeBufferPointer { UnsafeMutableRawBufferPointer(mutating: .init($0)) }
            value = try Self.value(memory, shape: tensor.shape, type: type, runtime)
        } else {
            self.tensor = nil
            let memory = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
            type.encode(tensor, to: memory)
            converted = memory
            do {
                let bytes = UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
                value = try Self.value(bytes, shape: tensor.shape, type: type, runtime)
            } catch {
                memory.deallocate()
                throw error
            }
        }
    }

    /// Over memory that the caller keeps.
    init(_ memory: UnsafeMutableRawBufferPointer, shape: [Int], type: ElementType, _ runtime: OnnxRuntime) throws {
        self.runtime = runtime
        tensor = nil
        converted = nil
        value = try Self.value(memory, shape: shape, type: type, runtime)
    }

    deinit {
        runtime.api.pointee.ReleaseValue(value)
        converted?.deallocate()
    }

    private static func value(
        _ memory: UnsafeMutableRawBufferPointer, shape: [Int], type: ElementType, _ runtime: OnnxRuntime
    ) throws(OnnxRuntimeError) -> OpaquePointer {
        let api = runtime.api
        let extents = shape.map(Int64.init)
        guard let start = memory.baseAddress else { throw OnnxRuntimeError(code: 1, message: "no memory") }
        return try api.make {
            api.pointee.CreateTensorWithDataAsOrtValue(
                runtime.cpuMemory, start, memory.count, extents, extents.count, type.rawValue, $0)
        }
    }
}

extension Tensor {
    /// Whether no element is NaN or infinite; integer arithmetic, so that the loop is vectorised.
    fileprivate var isFiniteThroughout: Bool {
        withUnsafeBufferPointer { elements in
            var largest: UInt32 = 0
            for element in elements { largest = max(largest, element.bitPattern & 0x7FFF_FFFF) }
            return largest < 0x7F80_0000
        }
    }
}
