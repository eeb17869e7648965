import Foundation

/// The header of an `.npy` file: magic, version, and a Python dictionary of exactly `descr`, `fortran_order`, `shape`.
struct NpyHeader {
    enum ElementType: String, CaseIterable {
        case float32 = "<f4"
        case float64 = "<f8"
        case complex64 = "<c8"
        case complex128 = "<c16"
        case int64 = "<i8"

        var byteCount: Int {
            switch self {
            case .float32: 4
            case .float64, .complex64, .int64: 8
            case .complex128: 16
            }
        }

        var isComplex: Bool { self == .complex64 || self == .complex128 }
    }

    let type: ElementType
    let shape: [Int]
    /// Bytes before the first element.
    let length: Int

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// NumPy itself refuses longer ones.
    private static let longestDictionary = 10_000

    init(type: ElementType, shape: [Int]) {
        self.type = type
        self.shape = shape
        length = 0
    }

    init(data: Data, named name: String) throws {
        let bytes = [UInt8](data.prefix(12 + Self.longestDictionary))
        guard bytes.count >= 10, Array(bytes[..<6]) == Self.magic else {
            throw InputError(name, expected: "an .npy file", found: "other content")
        }
        let version = bytes[6]
        guard (1...3).contains(version), bytes[7] == 0, version == 1 || bytes.count >= 12 else {
            throw InputError(name, expected: ".npy version 1.0 to 3.0", found: "\(bytes[6]).\(bytes[7])")
        }
        let lengthBytes = version == 1 ? 2 : 4
        let dictionaryLength = (0..<lengthBytes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        length = 8 + lengthBytes + dictionaryLength
        guard dictionaryLength <= Self.longestDictionary, length <= data.count else {
            throw InputError(
                name, expected: "an .npy header of at most \(Self.longestDictionary) bytes inside the file",
                found: "\(dictionaryLength) bytes")
        }
        var parser = PythonLiteralParser(Array(bytes[(8 + lengthBytes)..<length]))
        guard let fields = parser.parseDictionary() else {
            throw InputError(
                name, expected: "a header with descr, fortran_order and shape, once each", found: "something else")
        }
        guard let type = ElementType(rawValue: fields.descr) else {
            throw InputError(
                name, expected: "elements of \(ElementType.allCases.map(\.rawValue).joined(separator: ", "))",
                found: fields.descr)
        }
        guard !fields.fortranOrder else { throw InputError(name, expected: "C order", found: "Fortran order") }
        var expected = type.byteCount
        for extent in fields.shape {
            let (product, overflow) = expected.multipliedReportingOverflow(by: extent)
            guard !overflow else {
                throw InputError(name, expected: "a shape that fits in memory", found: "\(fields.shape)")
            }
            expected = product
        }
        guard data.count - length == expected else {
            throw InputError(
                name, expected: "\(expected) bytes of \(type.rawValue) for the shape \(fields.shape)",
                found: "\(data.count - length)")
        }
        self.type = type
        shape = fields.shape
    }

    /// The header's bytes, padded so that the elements start at a multiple of 64.
    var data: Data {
        let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var dictionary = "{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': (\(extents)), }"
        let unpadded = 10 + dictionary.utf8.count + 1
        dictionary += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = UInt16(dictionary.utf8.count)
        return Data(Self.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(dictionary.utf8))
    }
}

/// Parses the one Python dictionary that an `.npy` header holds.
private struct PythonLiteralParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parseDictionary() -> (descr: String, fortranOrder: Bool, shape: [Int])? {
        var descr: String?
        var fortranOrder: Bool?
        var shape: [Int]?
        guard take("{") else { return nil }
        while !take("}") {
            guard let key = parseString(), take(":") else { return nil }
            switch key {
            case "descr" where descr == nil: descr = parseString()
            case "fortran_order" where fortranOrder == nil: fortranOrder = parseBool()
            case "shape" where shape == nil: shape = parseTuple()
            default: return nil
            }
            if !take(",") {
                guard take("}") else { return nil }
                break
            }
        }
        skipSpace()
        guard position == bytes.count, let descr, let fortranOrder, let shape else { return nil }
        return (descr, fortranOrder, shape)
    }

    private mutating func parseString() -> String? {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "'") || bytes[position] == UInt8(ascii: "\"")
        else { return nil }
        let quote = bytes[position]
        guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { return nil }
        defer { position = end + 1 }
        return String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
    }

    private mutating func parseBool() -> Bool? {
        if take("True") { return true }
        return take("False") ? false : nil
    }

    private mutating func parseTuple() -> [Int]? {
        guard take("(") else { return nil }
        var extents: [Int] = []
        while !take(")") {
            skipSpace()
            let digits = bytes[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let extent = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
            position += digits.count
            extents.append(extent)
            if !take(",") {
                guard extents.count > 1, take(")") else { return nil }
                break
            }
        }
        return extents
    }

    private mutating func take(_ text: String) -> Bool {
        skipSpace()
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }
}
