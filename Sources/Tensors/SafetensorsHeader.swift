/// The header of a safetensors file: an 8-byte little-endian length, and a JSON object of that length with one entry per
/// tensor and an optional `__metadata__` of strings.
///
/// A JSON library would take the last of two equal keys and 1.0 for an integer, so the header is read by a parser of
/// its own, which accepts exactly what the format allows.
struct SafetensorsHeader {
    struct Entry: Sendable {
        let type: SafetensorsFile.ElementType
        let shape: [Int]
        /// Bytes from the start of the file.
        let range: Range<Int>
    }

    private(set) var entries: [String: Entry] = [:]
    private(set) var metadata: [String: String] = [:]

    static let metadataKey = "__metadata__"
    /// The format's own limit in bytes.
    static let longest = 100_000_000

    /// Reads and checks the header: every tensor's span must equal its shape, and the spans must cover the rest of the
    /// source without gap or overlap.
    init(reading source: some ByteSource) throws {
        guard source.count >= 8 else {
            throw InputError(
                source.name, expected: "a safetensors file",
                found: source.count == 0 ? "an empty file" : "\(source.count) bytes")
        }
        let length = try source.array(of: UInt64.self, at: 0, count: 1)[0]
        let longest = min(Self.longest, source.count - 8)
        guard length >= 2, length <= UInt64(longest) else {
            throw InputError(
                source.name, expected: "a safetensors header of 2 to \(max(longest, 2)) bytes", found: "\(length) bytes"
            )
        }
        let dataStart = 8 + Int(length)
        let text = try source.bytes(at: 8, count: Int(length))
        try parse(HeaderScanner(text, subject: source.name), dataStart: dataStart, size: source.count, source.name)
        try requireCover(dataStart..<source.count, source.name)
    }

    private mutating func parse(_ scanner: HeaderScanner, dataStart: Int, size: Int, _ subject: String) throws {
        var scanner = scanner
        guard scanner.next == UInt8(ascii: "{") else { throw scanner.failure("'{'") }
        var hasMetadata = false
        try scanner.object { scanner, key in
            if key == Self.metadataKey {
                guard !hasMetadata else { throw scanner.duplicate(key) }
                hasMetadata = true
                try scanner.object { scanner, key in
                    guard metadata.updateValue(try scanner.jsonString(), forKey: key) == nil else {
                        throw scanner.duplicate(key)
                    }
                }
            } else {
                let entry = try Self.entry(&scanner, dataStart: dataStart, size: size, "\(subject): \(key)")
                guard entries.updateValue(entry, forKey: key) == nil else { throw scanner.duplicate(key) }
            }
        }
        try scanner.expectEnd()
    }

    private static func entry(
        _ scanner: inout HeaderScanner, dataStart: Int, size: Int, _ subject: String
    ) throws -> Entry {
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { scanner, key in
            switch key {
            case "dtype" where dtype == nil: dtype = try scanner.jsonString()
            case "shape" where shape == nil: shape = try scanner.naturalNumbers()
            case "data_offsets" where offsets == nil: offsets = try scanner.naturalNumbers()
            case "dtype", "shape", "data_offsets": throw scanner.duplicate(key)
            default: throw InputError(subject, expected: "only dtype, shape and data_offsets", found: "'\(key)'")
            }
        }
        guard let dtype, let shape, let offsets else {
            throw InputError(subject, expected: "dtype, shape and data_offsets", found: "not all of them")
        }
        guard let type = SafetensorsFile.ElementType(rawValue: dtype) else {
            throw InputError(subject, expected: "a safetensors element type", found: dtype)
        }
        guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= size - dataStart else {
            throw InputError(
                subject, expected: "two ascending data_offsets up to \(size - dataStart)", found: "\(offsets)")
        }
        guard let bytes = checkedByteCount(shape: shape, elementSize: type.byteCount) else {
            throw InputError(subject, expected: "a shape that fits in memory", found: "\(shape)")
        }
        guard bytes == offsets[1] - offsets[0] else {
            throw InputError(
                subject, expected: "\(bytes) bytes for \(dtype) \(shape)", found: "data_offsets \(offsets)")
        }
        return Entry(type: type, shape: shape, range: dataStart + offsets[0]..<dataStart + offsets[1])
    }

    private func requireCover(_ data: Range<Int>, _ subject: String) throws {
        func start(_ entry: Entry) -> (Int, Int) { (entry.range.lowerBound, entry.range.upperBound) }
        var end = data.lowerBound
        for (name, entry) in entries.sorted(by: { start($0.value) < start($1.value) }) {
            guard entry.range.lowerBound == end else {
                throw InputError(
                    "\(subject): \(name)", expected: "a start at byte \(end - data.lowerBound) of the data",
                    found: "\(entry.range.lowerBound - data.lowerBound)")
            }
            end = entry.range.upperBound
        }
        guard end == data.upperBound else {
            throw InputError(
                subject, expected: "\(end - data.lowerBound) bytes of data as the header says", found: "\(data.count)")
        }
    }

    /// The bytes of a header of F32 tensors whose data follow each other in the order given, padded with blanks to a
    /// multiple of 8.
    static func encoded(_ tensors: [(name: String, tensor: Tensor)], metadata: [String: String]) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let values = metadata.sorted { $0.key < $1.key }.map { jsonLiteral($0.key) + ":" + jsonLiteral($0.value) }
            members.append("\"\(metadataKey)\":{\(values.joined(separator: ","))}")
        }
        var offset = 0
        for (name, tensor) in tensors {
            let extents = tensor.shape.map(String.init).joined(separator: ",")
            let end = offset + 4 * tensor.count
            members.append(
                jsonLiteral(name) + ":{\"dtype\":\"F32\",\"shape\":[\(extents)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
    }
}
