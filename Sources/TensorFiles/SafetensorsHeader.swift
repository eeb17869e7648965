import Files
import InputErrors

/// The header of a safetensors file: an 8-byte little-endian length, and a JSON object of that length with one entry per
/// tensor and an optional `__metadata__` of strings.
///
/// A JSON library would take the last of two equal keys and 1.0 for an integer, so the header is scanned, which accepts
/// exactly what the format allows.
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
                found: source.count == 0 ? "an empty file" : "\(source.count) bytes",
                as: source.count == 0 ? .empty : .damaged)
        }
        let length = try source.array(of: UInt64.self, at: 0, count: 1)[0]
        let longest = min(Self.longest, source.count - 8)
        guard length >= 2, length <= UInt64(longest) else {
            throw InputError(
                source.name, expected: "a safetensors header of 2 to \(max(longest, 2)) bytes",
                found: "\(length) bytes", as: .damaged)
        }
        let dataStart = 8 + Int(length)
        let text = try source.bytes(at: 8, count: Int(length))
        do {
            try text.withUnsafeBufferPointer { bytes in
                try parse(JSONScanner(bytes), dataStart: dataStart, size: source.count, source.name)
            }
        } catch let error as JSONScanner.Malformed {
            throw error.refusal(of: source.name, text, in: " of the header", as: .damaged)
        }
        try requireCover(dataStart..<source.count, source.name)
    }

    private mutating func parse(_ scanner: JSONScanner, dataStart: Int, size: Int, _ subject: String) throws {
        var scanner = scanner
        guard scanner.startsWith(UInt8(ascii: "{")) else { throw scanner.malformed("'{'") }
        var hasMetadata = false
        try scanner.object { key, scanner in
            if key == Self.metadataKey {
                guard !hasMetadata else { throw Self.duplicate(key, subject) }
                hasMetadata = true
                try scanner.object { key, scanner in
                    guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
                        throw Self.duplicate(key, subject)
                    }
                }
            } else {
                let entry = try Self.entry(&scanner, dataStart: dataStart, size: size, "\(subject): \(key)")
                guard entries.updateValue(entry, forKey: key) == nil else { throw Self.duplicate(key, subject) }
            }
        }
        try scanner.expectEnd()
    }

    private static func duplicate(_ key: String, _ subject: String) -> InputError {
        InputError(subject, expected: "each key of the header once", found: "'\(key)' twice", as: .damaged)
    }

    private static func entry(
        _ scanner: inout JSONScanner, dataStart: Int, size: Int, _ subject: String
    ) throws -> Entry {
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?
        func naturalNumbers(_ scanner: inout JSONScanner) throws -> [Int] {
            var numbers: [Int] = []
            try scanner.array { numbers.append(try $0.naturalNumber()) }
            return numbers
        }
        try scanner.object { key, scanner in
            switch key {
            case "dtype" where dtype == nil: dtype = try scanner.string()
            case "shape" where shape == nil: shape = try naturalNumbers(&scanner)
            case "data_offsets" where offsets == nil: offsets = try naturalNumbers(&scanner)
            case "dtype", "shape", "data_offsets": throw duplicate(key, subject)
            default:
                throw InputError(
                    subject, expected: "only dtype, shape and data_offsets", found: "'\(key)'", as: .damaged)
            }
        }
        guard let dtype, let shape, let offsets else {
            throw InputError(subject, expected: "dtype, shape and data_offsets", found: "not all of them", as: .damaged)
        }
        guard let type = SafetensorsFile.ElementType(rawValue: dtype) else {
            throw InputError(subject, expected: "a safetensors element type", found: dtype, as: .damaged)
        }
        guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= size - dataStart else {
            throw InputError(
                subject, expected: "two ascending data_offsets up to \(size - dataStart)", found: "\(offsets)",
                as: .damaged)
        }
        guard let bytes = checkedByteCount(shape: shape, elementSize: type.byteCount) else {
            throw InputError(subject, expected: "a shape that fits in memory", found: "\(shape)", as: .damaged)
        }
        guard bytes == offsets[1] - offsets[0] else {
            throw InputError(
                subject, expected: "\(bytes) bytes for \(dtype) \(shape)", found: "data_offsets \(offsets)",
                as: .damaged)
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
                    found: "\(entry.range.lowerBound - data.lowerBound)", as: .damaged)
            }
            end = entry.range.upperBound
        }
        guard end == data.upperBound else {
            throw InputError(
                subject, expected: "\(end - data.lowerBound) bytes of data as the header says", found: "\(data.count)",
                as: .damaged)
        }
    }
}
