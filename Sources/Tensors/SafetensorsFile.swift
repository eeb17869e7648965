import Foundation

/// A file in the safetensors format: an 8-byte little-endian length, a JSON header of that length, and the elements.
/// Opening reads the header alone; a tensor's elements are read when it is asked for.
public struct SafetensorsFile: Sendable {
    /// The element types that are read into `Float`.
    public enum ElementType: String, Sendable, CaseIterable {
        case float16 = "F16"
        case bfloat16 = "BF16"
        case float32 = "F32"
        case float64 = "F64"
        case int64 = "I64"

        var byteCount: Int {
            switch self {
            case .float16, .bfloat16: 2
            case .float32: 4
            case .float64, .int64: 8
            }
        }
    }

    private struct Entry: Sendable {
        let type: ElementType
        let shape: [Int]
        let range: Range<Int>
    }

    private let path: String
    private let entries: [String: Entry]
    /// The header's `__metadata__`.
    public let metadata: [String: String]

    /// The format's own limit for headers.
    static let longestHeader = 100_000_000

    /// Opens a file and checks its header: every tensor's span must equal its shape, and the spans must cover the rest of
    /// the file without gap or overlap.
    /// - Throws: `InputError` naming the file, or the file and the tensor.
    public init(contentsOf path: String) throws {
        self.path = path
        let handle = try Self.open(path)
        let size = try InputFile.regularFileSize(handle.fileDescriptor, path: path)
        let prefix = try Self.read(8, from: handle, path: path)
        let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length >= 2, length <= UInt64(Self.longestHeader), Int(length) <= size - 8 else {
            throw InputError(
                path, expected: "a safetensors header of 2 to \(min(Self.longestHeader, max(size - 8, 0))) bytes",
                found: "\(length) bytes")
        }
        let json = try Self.read(Int(length), from: handle, path: path)
        guard json.first == UInt8(ascii: "{"), let header = try? JSONDecoder().decode(Header.self, from: json)
        else {
            throw InputError(path, expected: "a safetensors header", found: "no such JSON object")
        }
        metadata = header.metadata
        entries = try header.tensors.mapValues { try Self.checked($0, dataStart: 8 + Int(length), path: path) }
        var end = 8 + Int(length)
        for (name, entry) in entries.sorted(by: {
            ($0.value.range.lowerBound, $0.value.range.upperBound) < (
                $1.value.range.lowerBound, $1.value.range.upperBound
            )
        }) {
            guard entry.range.lowerBound == end else {
                throw InputError(
                    "\(path): \(name)", expected: "a start at byte \(end)", found: "\(entry.range.lowerBound)")
            }
            end = entry.range.upperBound
        }
        guard end == size else {
            throw InputError(path, expected: "\(end) bytes as its header says", found: "\(size)")
        }
    }

    /// The tensors' names, sorted.
    public var names: [String] { entries.keys.sorted() }

    /// The shape of a tensor, nil where there is none of that name.
    public func shape(of name: String) -> [Int]? { entries[name]?.shape }

    /// Reads one tensor, rounded to Float where its type is wider.
    /// - Throws: `InputError` for an unknown name, or an element that is NaN or infinite.
    public func tensor(named name: String) throws -> Tensor {
        guard let entry = entries[name] else {
            throw InputError(path, expected: "a tensor named \(name)", found: "none")
        }
        let handle = try Self.open(path)
        try handle.seek(toOffset: UInt64(entry.range.lowerBound))
        let bytes = entry.range.isEmpty ? Data() : try Self.read(entry.range.count, from: handle, path: path)
        let values: [Float] = bytes.withUnsafeBytes { raw in
            let count = raw.count / entry.type.byteCount
            return (0..<count).map { index in
                switch entry.type {
                case .float16: Float(Float16(bitPattern: raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
                case .bfloat16:
                    Float(bitPattern: UInt32(raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)) << 16)
                case .float32: raw.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
                case .float64: Float(raw.loadUnaligned(fromByteOffset: 8 * index, as: Double.self))
                case .int64: Float(raw.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self))
                }
            }
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw InputError(
                "\(path): \(name)", expected: "finite numbers", found: "\(values[index]) at index \(index)")
        }
        return Tensor(values, shape: entry.shape)
    }

    /// Writes tensors as F32, in the order given.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String, overwrite: Bool
    ) throws {
        precondition(Set(tensors.map(\.name)).count == tensors.count, "each name once: \(tensors.map(\.name))")
        var header: [String: JSONEntry] = [:]
        var offset = 0
        for (name, tensor) in tensors {
            header[name] = JSONEntry(
                dtype: ElementType.float32.rawValue, shape: tensor.shape,
                dataOffsets: [offset, offset + 4 * tensor.count])
            offset += 4 * tensor.count
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var json = try encoder.encode(Header(tensors: header, metadata: metadata))
        while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
        var data = Data((0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }) + json
        for (_, tensor) in tensors {
            tensor.withUnsafeBufferPointer { data.append(contentsOf: UnsafeRawBufferPointer($0)) }
        }
        try AtomicFile.write(data, to: path, overwrite: overwrite)
    }

    private static func checked(_ entry: JSONEntry, dataStart: Int, path: String) throws -> Entry {
        guard let type = ElementType(rawValue: entry.dtype) else {
            throw InputError(
                path, expected: "elements of \(ElementType.allCases.map(\.rawValue).joined(separator: ", "))",
                found: entry.dtype)
        }
        guard entry.dataOffsets.count == 2, entry.dataOffsets[0] >= 0, entry.dataOffsets[0] <= entry.dataOffsets[1],
            entry.dataOffsets[1] < Int.max / 2
        else { throw InputError(path, expected: "ascending data_offsets", found: "\(entry.dataOffsets)") }
        var bytes = type.byteCount
        for extent in entry.shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else {
                throw InputError(path, expected: "a shape that fits in memory", found: "\(entry.shape)")
            }
            bytes = product
        }
        guard bytes == entry.dataOffsets[1] - entry.dataOffsets[0] else {
            throw InputError(
                path, expected: "\(bytes) bytes for \(type.rawValue) \(entry.shape)", found: "\(entry.dataOffsets)")
        }
        return Entry(
            type: type, shape: entry.shape, range: dataStart + entry.dataOffsets[0]..<dataStart + entry.dataOffsets[1]
        )
    }

    private static func open(_ path: String) throws -> FileHandle {
        let descriptor = Foundation.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw InputError(path, expected: "a readable file", found: systemMessage(errno))
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private static func read(_ count: Int, from handle: FileHandle, path: String) throws -> Data {
        guard let data = try? handle.read(upToCount: count), data.count == count else {
            throw InputError(path, expected: "\(count) more bytes", found: "the end of the file")
        }
        return data
    }
}

/// One tensor in the header, with the format's own field names.
private struct JSONEntry: Codable {
    let dtype: String
    let shape: [Int]
    let dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
        case dtype, shape
        case dataOffsets = "data_offsets"
    }
}

/// The header: tensors by name, and `__metadata__`.
private struct Header: Codable {
    var tensors: [String: JSONEntry] = [:]
    var metadata: [String: String] = [:]

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(tensors: [String: JSONEntry], metadata: [String: String]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        for name in container.allKeys {
            if name.stringValue == "__metadata__" {
                metadata = try container.decode([String: String].self, forKey: name)
            } else {
                tensors[name.stringValue] = try container.decode(JSONEntry.self, forKey: name)
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        if !metadata.isEmpty { try container.encode(metadata, forKey: Name(stringValue: "__metadata__")) }
        for (name, entry) in tensors { try container.encode(entry, forKey: Name(stringValue: name)) }
    }
}
