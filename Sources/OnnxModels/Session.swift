import COnnxRuntime
import Foundation
import Tensors

/// One loaded graph. Running it is safe from several threads at once.
final class Session: @unchecked Sendable {
    /// An input or output as the graph declares it.
    struct Port: Sendable {
        let name: String
        let type: ElementType
        /// -1 where the extent is free.
        let shape: [Int]
    }

    /// What is fed to an input.
    enum Feed {
        case floats(Tensor)
        case integers([Int64], shape: [Int])
    }

    let path: String
    let inputs: [Port]
    let outputs: [Port]
    /// Seconds that loading took.
    let loadSeconds: Double
    private let runtime: OnnxRuntime
    private let pointer: OpaquePointer

    init(path: String, runtime: OnnxRuntime, options: SessionOptions) throws {
        let start = ContinuousClock.now
        let handle = try options.make(runtime)
        var pointer: OpaquePointer?
        try withExtendedLifetime(handle) {
            try runtime.check(
                runtime.api.CreateSession(runtime.environment, path, handle.pointer, &pointer), subject: path)
        }
        guard let pointer else { throw InputError(path, expected: "a model", found: "none") }
        self.path = path
        self.runtime = runtime
        self.pointer = pointer
        do {
            inputs = try Self.ports(pointer, runtime, path: path, isInput: true)
            outputs = try Self.ports(pointer, runtime, path: path, isInput: false)
        } catch {
            runtime.api.ReleaseSession(pointer)
            throw error
        }
        loadSeconds = (ContinuousClock.now - start) / .seconds(1)
    }

    deinit { runtime.api.ReleaseSession(pointer) }

    /// The input or output with one of several spellings of its name.
    static func port(_ names: [String], among ports: [Port], path: String, kind: String) throws -> Port {
        if let port = ports.first(where: { names.contains($0.name) }) { return port }
        throw InputError(
            path, expected: "an \(kind) named \(names.joined(separator: " or "))",
            found: ports.map(\.name).joined(separator: ", "))
    }

    /// Runs the graph on memory that is bound, not copied, where the graph's type is float32.
    /// - Parameter shape: the shape of the output, known beforehand.
    func run(_ feeds: [(port: Port, feed: Feed)], output: Port, shape: [Int]) throws -> Tensor {
        let values = try feeds.map { try bind($0.feed, to: $0.port) }
        switch output.type {
        case .float32:
            return try Tensor(shape: shape) { target in
                let value = try BoundValue(
                    runtime, memory: UnsafeMutableRawBufferPointer(target), shape: shape, type: .float32, path: path)
                try run(zip(feeds.map(\.port.name), values), output: output.name, into: value)
            }
        case .float16:
            let count = shape.reduce(1, *)
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 2, alignment: 64)
            defer { memory.deallocate() }
            let value = try BoundValue(runtime, memory: memory, shape: shape, type: .float16, path: path)
            try run(zip(feeds.map(\.port.name), values), output: output.name, into: value)
            let halves = memory.bindMemory(to: UInt16.self)
            return Tensor(shape: shape) { target in
                for i in 0..<count { target.initializeElement(at: i, to: Float(Float16(bitPattern: halves[i]))) }
            }
        default:
            throw InputError(
                "\(path): \(output.name)", expected: "float32 or float16", found: output.type.name)
        }
    }

    private func run(
        _ values: some Sequence<(String, BoundValue)>, output: String, into result: BoundValue
    ) throws {
        let values = Array(values)
        let names = values.map { strdup($0.0) } + [strdup(output)]
        defer { names.forEach { free($0) } }
        let namePointers = names.map { UnsafePointer($0) }
        let inputs = values.map { Optional($0.1.pointer) }
        var outputs = [Optional(result.pointer)]
        try withExtendedLifetime((values, result)) {
            try namePointers.withUnsafeBufferPointer { names in
                guard let first = names.baseAddress else { return }
                try runtime.check(
                    runtime.api.Run(
                        pointer, nil, first, inputs, inputs.count, first + inputs.count, 1, &outputs),
                    subject: path, expected: "a graph that runs")
            }
        }
    }

    private func bind(_ feed: Feed, to port: Port) throws -> BoundValue {
        switch (feed, port.type) {
        case (.floats(let tensor), .float32):
            return try BoundValue(runtime, tensor: tensor, path: path)
        case (.floats(let tensor), .float16):
            return try BoundValue(
                runtime, copying: tensor.elements.map(Float16.init), shape: tensor.shape, type: .float16, path: path)
        case (.integers(let values, let shape), .int64):
            return try BoundValue(runtime, copying: values, shape: shape, type: .int64, path: path)
        case (.integers(let values, let shape), .int32):
            return try BoundValue(
                runtime, copying: values.map { Int32(clamping: $0) }, shape: shape, type: .int32, path: path)
        case (.integers(let values, let shape), .float32):
            return try BoundValue(runtime, copying: values.map { Float($0) }, shape: shape, type: .float32, path: path)
        case (.integers(let values, let shape), .float64):
            return try BoundValue(runtime, copying: values.map { Double($0) }, shape: shape, type: .float64, path: path)
        case (.integers(let values, let shape), .float16):
            return try BoundValue(
                runtime, copying: values.map { Float16($0) }, shape: shape, type: .float16, path: path)
        case (.floats, _):
            throw InputError("\(path): \(port.name)", expected: "float32 or float16", found: port.type.name)
        }
    }

    private static func ports(
        _ session: OpaquePointer, _ runtime: OnnxRuntime, path: String, isInput: Bool
    ) throws -> [Port] {
        let api = runtime.api
        var count = 0
        try runtime.check(
            isInput ? api.SessionGetInputCount(session, &count) : api.SessionGetOutputCount(session, &count),
            subject: path)
        var allocator: OpaquePointer?
        try runtime.check(api.GetAllocatorWithDefaultOptions(&allocator), subject: path)
        guard let allocator else { throw InputError(path, expected: "an allocator", found: "none") }
        return try (0..<count).map { index in
            var text: UnsafeMutablePointer<CChar>?
            try runtime.check(
                isInput
                    ? api.SessionGetInputName(session, index, allocator, &text)
                    : api.SessionGetOutputName(session, index, allocator, &text), subject: path)
            guard let text else { throw InputError(path, expected: "names of inputs and outputs", found: "none") }
            let name = String(cString: text)
            if let status = api.AllocatorFree(allocator, text) { api.ReleaseStatus(status) }
            var info: OpaquePointer?
            try runtime.check(
                isInput
                    ? api.SessionGetInputTypeInfo(session, index, &info)
                    : api.SessionGetOutputTypeInfo(session, index, &info), subject: path)
            guard let info else { throw InputError(path, expected: "types of inputs and outputs", found: "none") }
            defer { api.ReleaseTypeInfo(info) }
            return try port(name, info, runtime, path: path)
        }
    }

    private static func port(
        _ name: String, _ info: OpaquePointer, _ runtime: OnnxRuntime, path: String
    ) throws -> Port {
        let api = runtime.api
        var tensorInfo: OpaquePointer?
        try runtime.check(api.CastTypeInfoToTensorInfo(info, &tensorInfo), subject: path)
        guard let tensorInfo else {
            throw InputError("\(path): \(name)", expected: "a tensor", found: "something else")
        }
        var raw: Int32 = 0
        var rank = 0
        try runtime.check(api.GetTensorElementType(tensorInfo, &raw), subject: path)
        try runtime.check(api.GetDimensionsCount(tensorInfo, &rank), subject: path)
        var shape = [Int64](repeating: 0, count: rank)
        try runtime.check(api.GetDimensions(tensorInfo, &shape, rank), subject: path)
        guard let type = ElementType(rawValue: raw) else {
            throw InputError("\(path): \(name)", expected: "numbers", found: "elements of type \(raw)")
        }
        return Port(name: name, type: type, shape: shape.map { Int($0) })
    }
}

/// A tensor of ONNX Runtime over memory that somebody here owns.
private final class BoundValue {
    let pointer: OpaquePointer
    private let runtime: OnnxRuntime
    /// Keeps the memory alive.
    private let owner: Any?

    init(
        _ runtime: OnnxRuntime, memory: UnsafeMutableRawBufferPointer, shape: [Int], type: ElementType, path: String,
        owner: Any? = nil
    ) throws {
        guard let base = memory.baseAddress else {
            throw InputError(path, expected: "a tensor with elements", found: "\(shape)")
        }
        var pointer: OpaquePointer?
        try runtime.check(
            runtime.api.CreateTensorWithDataAsOrtValue(
                runtime.memoryInfo, base, memory.count, shape.map(Int64.init), shape.count, type.rawValue, &pointer),
            subject: path)
        guard let pointer else { throw InputError(path, expected: "a tensor", found: "none") }
        self.pointer = pointer
        self.runtime = runtime
        self.owner = owner
    }

    convenience init(_ runtime: OnnxRuntime, tensor: Tensor, path: String) throws {
        let memory = tensor.withUnsafeBufferPointer {
            UnsafeMutableRawBufferPointer(mutating: UnsafeRawBufferPointer($0))
        }
        try self.init(runtime, memory: memory, shape: tensor.shape, type: .float32, path: path, owner: tensor)
    }

    convenience init<Element>(
        _ runtime: OnnxRuntime, copying elements: [Element], shape: [Int], type: ElementType, path: String
    ) throws {
        let copy = OwnedMemory(elements)
        try self.init(runtime, memory: copy.memory, shape: shape, type: type, path: path, owner: copy)
    }

    deinit { runtime.api.ReleaseValue(pointer) }
}

/// Aligned memory for small inputs that have to be converted.
private final class OwnedMemory {
    let memory: UnsafeMutableRawBufferPointer

    init<Element>(_ elements: [Element]) {
        memory = .allocate(byteCount: max(1, elements.count * MemoryLayout<Element>.stride), alignment: 64)
        elements.withUnsafeBytes { memory.copyMemory(from: $0) }
    }

    deinit { memory.deallocate() }
}
