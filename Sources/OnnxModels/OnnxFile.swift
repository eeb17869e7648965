import Foundation
import InputErrors
import ModelFolders
import Models

/// What an ONNX file says of its graph, read without ONNX Runtime: only the fields that are needed of `ModelProto`
/// (onnx.proto), so that weights are not touched.
package struct OnnxFile {
    private(set) var producer = ""
    private(set) var opset = 0
    private(set) var inputs: [TensorPort] = []
    private(set) var outputs: [TensorPort] = []
    /// Elements in floating-point and 8-bit initialisers (not shapes and indices).
    private(set) var parameterCount = 0
    /// Whether an operator draws random numbers.
    private(set) var isRandom = false
    /// Files beside this one that hold initialisers, as the graph names them.
    private(set) var externalFiles: Set<String> = []

    private var initializers: Set<String> = []

    /// - Throws: `InputError` for a file that is not an ONNX graph, or with external data missing or outside it.
    package init(_ url: URL) throws {
        _ = try ModelFile.requiredSize(url)
        let data: Data
        do { data = try Data(contentsOf: url, options: .alwaysMapped) } catch {
            throw InputError(url.path, expected: "a readable file", found: error.localizedDescription, as: .notReadable)
        }
        do {
            try data.withUnsafeBytes { try read(model: $0) }
        } catch {
            throw InputError(url.path, expected: "an ONNX model", found: "malformed protobuf", as: .modelGraph)
        }
        guard !outputs.isEmpty else {
            throw InputError(url.path, expected: "an ONNX graph", found: "no outputs", as: .modelGraph)
        }
        // Graphs of before IR version 4 list initialisers among the inputs.
        inputs.removeAll { initializers.contains($0.name) }
        for name in externalFiles.sorted() {
            let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard parts.first?.isEmpty == false, !parts.contains(where: { $0.elementsEqual("..".utf8) })
            else {
                throw InputError(url.path, expected: "external data in the same folder", found: name, as: .modelGraph)
            }
            _ = try ModelFile.requiredSize(url.deletingLastPathComponent().appendingPathComponent(name))
        }
    }

    private mutating func read(model bytes: UnsafeRawBufferPointer) throws {
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (2, .bytes(let text)): producer = String(decoding: text, as: UTF8.self)
            case (7, .bytes(let graph)): try read(graph: graph)
            case (8, .bytes(let set)): try read(operatorSet: set)
            default: break
            }
        }
    }

    private mutating func read(operatorSet bytes: UnsafeRawBufferPointer) throws {
        var (domain, version) = ("", 0)
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let text)): domain = String(decoding: text, as: UTF8.self)
            case (2, .number(let number)): version = Int(truncatingIfNeeded: number)
            default: break
            }
        }
        if domain.isEmpty || domain == "ai.onnx" { opset = version }
    }

    private mutating func read(graph bytes: UnsafeRawBufferPointer) throws {
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            guard case .bytes(let bytes) = value else { continue }
            switch field {
            case 1: try read(node: bytes)
            case 5: try read(initializer: bytes)
            case 11: try inputs.append(Self.port(bytes))
            case 12: try outputs.append(Self.port(bytes))
            default: break
            }
        }
    }

    private mutating func read(node bytes: UnsafeRawBufferPointer) throws {
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            if case (4, .bytes(let name)) = (field, value), String(decoding: name, as: UTF8.self).hasPrefix("Random") {
                isRandom = true
            }
        }
    }

    private mutating func read(initializer bytes: UnsafeRawBufferPointer) throws {
        var (count, type) = (1, Int32(0))
        var reader = ProtobufReader(bytes)
        func multiply(_ extent: UInt64) throws {
            let (product, overflow) = count.multipliedReportingOverflow(by: Int(truncatingIfNeeded: extent))
            guard !overflow, product >= 0 else { throw ProtobufReader.Malformed() }
            count = product
        }
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .number(let extent)): try multiply(extent)
            case (1, .bytes(let run)): for extent in try ProtobufReader.packed(run) { try multiply(extent) }
            case (2, .number(let number)): type = Int32(truncatingIfNeeded: number)
            case (8, .bytes(let name)): initializers.insert(String(decoding: name, as: UTF8.self))
            case (13, .bytes(let entry)): try read(externalData: entry)
            default: break
            }
        }
        let weights: [ElementType] = [.float32, .float16, .bfloat16, .float64, .int8, .uint8]
        guard let type = ElementType(rawValue: type), weights.contains(type) else { return }
        let (sum, overflow) = parameterCount.addingReportingOverflow(count)
        guard !overflow else { throw ProtobufReader.Malformed() }
        parameterCount = sum
    }

    private mutating func read(externalData bytes: UnsafeRawBufferPointer) throws {
        let strings = try Self.fields(bytes)
        if strings[1].map({ String(decoding: $0, as: UTF8.self) }) == "location", let location = strings[2] {
            externalFiles.insert(String(decoding: location, as: UTF8.self))
        }
    }

    /// A `ValueInfoProto`.
    private static func port(_ bytes: UnsafeRawBufferPointer) throws -> TensorPort {
        let info = try fields(bytes)
        guard let name = info[1], let type = info[2], let tensor = try fields(type)[1] else {
            throw ProtobufReader.Malformed()
        }
        var element: ElementType?
        var shape: [TensorPort.Extent] = []
        var reader = ProtobufReader(tensor)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .number(let number)): element = ElementType(rawValue: Int32(truncatingIfNeeded: number))
            case (2, .bytes(let bytes)): shape = try extents(bytes)
            default: break
            }
        }
        guard let element else { throw ProtobufReader.Malformed() }
        return TensorPort(name: String(decoding: name, as: UTF8.self), type: element, shape: shape)
    }

    /// A `TensorShapeProto`.
    private static func extents(_ bytes: UnsafeRawBufferPointer) throws -> [TensorPort.Extent] {
        var shape: [TensorPort.Extent] = []
        var reader = ProtobufReader(bytes)
        while let (_, value) = try reader.next() {
            guard case .bytes(let dimension) = value else { continue }
            var extent = TensorPort.Extent.dynamic("")
            var fields = ProtobufReader(dimension)
            while let (field, value) = try fields.next() {
                switch (field, value) {
                case (1, .number(let number)): extent = .fixed(Int(truncatingIfNeeded: number))
                case (2, .bytes(let name)): extent = .dynamic(String(decoding: name, as: UTF8.self))
                default: break
                }
            }
            shape.append(extent)
        }
        return shape
    }

    /// The last value of each field that is bytes.
    private static func fields(_ bytes: UnsafeRawBufferPointer) throws -> [Int: UnsafeRawBufferPointer] {
        var found: [Int: UnsafeRawBufferPointer] = [:]
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            if case .bytes(let bytes) = value { found[field] = bytes }
        }
        return found
    }
}
