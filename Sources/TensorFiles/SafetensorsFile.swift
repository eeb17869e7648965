import Files
import Foundation
import InputErrors
import Tensors

/// A file in the safetensors format: an 8-byte little-endian length, a JSON header of that length, and the elements.
/// Opening reads the header alone; a tensor's elements are read when it is asked for.
public struct SafetensorsFile: Sendable {
    /// The element types of the format that fill whole bytes. F16, BF16, F32, F64 and I64 are read into `Float`.
    public enum ElementType: String, Sendable, CaseIterable {
        case bool = "BOOL"
        case uint8 = "U8"
        case int8 = "I8"
        case float8E5M2 = "F8_E5M2"
        case float8E4M3 = "F8_E4M3"
        case float8E8M0 = "F8_E8M0"
        case int16 = "I16"
        case uint16 = "U16"
        case float16 = "F16"
        case bfloat16 = "BF16"
        case int32 = "I32"
        case uint32 = "U32"
        case float32 = "F32"
        case complex64 = "C64"
        case float64 = "F64"
        case int64 = "I64"
        case uint64 = "U64"

        /// The size of one element.
        public var byteCount: Int {
            switch self {
            case .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .float8E8M0: 1
            case .int16, .uint16, .float16, .bfloat16: 2
            case .int32, .uint32, .float32: 4
            case .complex64, .float64, .int64, .uint64: 8
            }
        }
    }

    private let source: any ByteSource
    private let header: SafetensorsHeader

    /// Opens a file and checks its header: every tensor's span must equal its shape, and the spans must cover the rest of
    /// the file without gap or overlap. The file stays open as long as a copy of this value exists.
    ///
    /// Throws an `InputError` naming the file, or the file and the tensor.
    public init(contentsOf path: String) throws {
        let file = try RegularFile(opening: path)
        header = try SafetensorsHeader(reading: file)
        source = file
    }

    /// Reads the content of a file; `name` stands for it in errors.
    public init(data: Data, named name: String) throws {
        let bytes = MemoryBytes(name: name, data: data)
        header = try SafetensorsHeader(reading: bytes)
        source = bytes
    }

    /// The header's `__metadata__`.
    public var metadata: [String: String] { header.metadata }

    /// The tensors' names, sorted.
    public var names: [String] { header.entries.keys.sorted() }

    /// The shape of a tensor, nil where there is none of that name.
    public func shape(of name: String) -> [Int]? { header.entries[name]?.shape }

    /// The element type of a tensor in the file, nil where there is none of that name.
    public func elementType(of name: String) -> ElementType? { header.entries[name]?.type }

    /// The bytes of a tensor, counted from the start of the file; nil where there is none of that name.
    public func span(of name: String) -> Range<Int>? { header.entries[name]?.range }

    /// Reads one tensor, each element rounded to the nearest Float where its type is wider.
    ///
    /// - `limit`: the most bytes that the tensor may have in the file, 4 GiB unless given.
    /// - Throws an `InputError` for an unknown name, another element type, or an element that is NaN, infinite or beyond
    ///   Float's range.
    public func tensor(named name: String, limit: Int = 1 << 32) throws -> Tensor {
        let subject = "\(source.name): \(name)"
        guard let entry = header.entries[name] else {
            throw InputError(source.name, expected: "a tensor named \(name)", found: "none", as: .damaged)
        }
        guard entry.range.count <= limit else {
            throw InputError(
                subject, expected: "at most \(limit) bytes", found: "\(entry.range.count) bytes", as: .tooLarge)
        }
        let tensor = try Tensor(shape: entry.shape) { target in
            switch entry.type {
            case .float32: try source.read(into: UnsafeMutableRawBufferPointer(target), at: entry.range.lowerBound)
            case .float16: try fill(target, from: entry) { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
            case .bfloat16: try fill(target, from: entry) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
            case .float64: try fill(target, from: entry) { (value: Double) in Float(value) }
            case .int64: try fill(target, from: entry) { (value: Int64) in Float(value) }
            default:
                throw InputError(
                    subject, expected: "F16, BF16, F32, F64 or I64", found: entry.type.rawValue, as: .unsupported)
            }
        }
        try tensor.requireFinite(subject)
        return tensor
    }

    /// Writes tensors as F32, their data in the order given, by way of `AtomicFile`.
    ///
    /// Throws an `InputError` for a name that comes twice or is `__metadata__`, and where `AtomicFile` does.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String, overwrite: Bool
    ) throws {
        var names: Set<String> = [SafetensorsHeader.metadataKey]
        for (name, _) in tensors where !names.insert(name).inserted {
            throw InputError(
                path, expected: "each name once and none reserved", found: "a tensor '\(name)'", as: .invalidSetting)
        }
        try AtomicFile.write(to: path, overwrite: overwrite) { file in
            try file.append(SafetensorsHeader.encoded(tensors, metadata: metadata))
            for (_, tensor) in tensors {
                try tensor.withUnsafeBufferPointer { try file.append(UnsafeRawBufferPointer($0)) }
            }
        }
    }

    /// Reads the entry's elements through a buffer of bounded size and converts each.
    private func fill<Stored: BitwiseCopyable>(
        _ target: UnsafeMutableBufferPointer<Float>, from entry: SafetensorsHeader.Entry, _ convert: (Stored) -> Float
    ) throws {
        let size = MemoryLayout<Stored>.stride
        try withUnsafeTemporaryAllocation(of: Stored.self, capacity: min(max(target.count, 1), 65_536)) { buffer in
            for start in stride(from: 0, to: target.count, by: buffer.count) {
                let part = UnsafeMutableBufferPointer(rebasing: buffer.prefix(target.count - start))
                try source.read(into: UnsafeMutableRawBufferPointer(part), at: entry.range.lowerBound + start * size)
                for (offset, value) in part.enumerated() {
                    target.initializeElement(at: start + offset, to: convert(value))
                }
            }
        }
    }
}
