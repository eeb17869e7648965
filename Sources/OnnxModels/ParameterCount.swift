import Foundation
import Tensors

/// Counts the numbers in a graph's initialisers by walking the ONNX protobuf: ModelProto.graph (7), GraphProto.initializer
/// (5), TensorProto.dims (1) and data_type (2). Elements are not read, wherever they are stored.
enum ParameterCount {
    /// - Throws: `InputError` where the file is no protobuf of that kind.
    static func count(graph path: String) throws -> Int {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else {
            throw InputError(path, expected: "a readable file", found: "none")
        }
        let total: Int? = data.withUnsafeBytes { bytes in
            var total = 0
            var model = ProtobufReader(bytes)
            while let field = model.next() {
                guard field.number == 7, let graphBytes = field.bytes else { continue }
                var graph = ProtobufReader(graphBytes)
                while let field = graph.next() {
                    guard field.number == 5, let tensor = field.bytes else { continue }
                    total += floats(tensor)
                }
                if graph.isMalformed { return nil }
            }
            return model.isMalformed ? nil : total
        }
        guard let total else { throw InputError(path, expected: "an ONNX graph", found: "other content") }
        return total
    }

    /// Elements of a tensor of floating point, 0 for shapes and indices.
    private static func floats(_ bytes: UnsafeRawBufferPointer) -> Int {
        var reader = ProtobufReader(bytes)
        var count = 1
        var isFloat = false
        while let field = reader.next() {
            if field.number == 1, let extent = field.varint {
                count = count.multipliedReportingOverflow(by: Int(truncatingIfNeeded: extent)).partialValue
            } else if field.number == 1, let packed = field.bytes {
                var extents = ProtobufReader(packed)
                while let extent = extents.varint() {
                    count = count.multipliedReportingOverflow(by: Int(truncatingIfNeeded: extent)).partialValue
                }
            } else if field.number == 2, let type = field.varint {
                isFloat = [1, 10, 11, 16].contains(type)
            }
        }
        return isFloat ? count : 0
    }
}

/// Fields of a protobuf message, each read within bounds.
private struct ProtobufReader {
    struct Field {
        let number: Int
        var varint: UInt64?
        var bytes: UnsafeRawBufferPointer?
    }

    private let buffer: UnsafeRawBufferPointer
    private var position = 0
    private(set) var isMalformed = false

    init(_ buffer: UnsafeRawBufferPointer) { self.buffer = buffer }

    mutating func next() -> Field? {
        guard position < buffer.count, !isMalformed, let tag = varint() else { return nil }
        var field = Field(number: Int(truncatingIfNeeded: tag >> 3))
        switch tag & 7 {
        case 0: field.varint = varint()
        case 1: skip(8)
        case 2:
            if let length = varint(), length <= UInt64(buffer.count - position) {
                field.bytes = UnsafeRawBufferPointer(rebasing: buffer[position..<position + Int(length)])
                position += Int(length)
            } else {
                isMalformed = true
            }
        case 5: skip(4)
        default: isMalformed = true
        }
        return isMalformed ? nil : field
    }

    mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < buffer.count else { break }
            let byte = buffer[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        isMalformed = position < buffer.count || isMalformed
        return nil
    }

    private mutating func skip(_ count: Int) {
        if buffer.count - position < count { isMalformed = true } else { position += count }
    }
}
