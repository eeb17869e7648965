import Files
import InputErrors

/// The header of an `.npy` file (NEP 1): magic, version, and a Python dictionary of exactly `descr`, `fortran_order`
/// and `shape`.
struct NpyHeader {
    /// The element types that are read and written, by NumPy's description.
    enum ElementType: String, CaseIterable {
        /// Read as Float32, which has all its values.
        case float16 = "<f2"
        case float32 = "<f4"
        case float64 = "<f8"
        case complex64 = "<c8"
        case complex128 = "<c16"
        case int64 = "<i8"

        var byteCount: Int {
            switch self {
            case .float16: 2
            case .float32: 4
            case .float64, .complex64, .int64: 8
            case .complex128: 16
            }
        }

    }

    let type: ElementType
    let shape: [Int]
    /// Bytes before the first element.
    let length: Int

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// NumPy itself refuses longer ones.
    private static let longestDictionary = 10_000
    /// NumPy's own limit.
    private static let mostAxes = 64

    /// Reads and checks the header: the elements must fill the rest of the source exactly.
    init(reading source: some ByteSource) throws {
        let prologue = try source.bytes(at: 0, count: min(12, source.count))
        guard prologue.starts(with: Self.magic), prologue.count >= 10 else {
            throw InputError(
                source.name, expected: "an .npy file",
                found: prologue.isEmpty ? "an empty file" : "other content in \(source.count) bytes",
                as: prologue.isEmpty ? .empty : .damaged)
        }
        let lengthBytes = prologue[6] == 1 ? 2 : 4
        guard (1...3).contains(prologue[6]), prologue[7] == 0, prologue.count >= 8 + lengthBytes else {
            throw InputError(
                source.name, expected: ".npy version 1.0, 2.0 or 3.0",
                found: "\(prologue[6]).\(prologue[7]) in \(source.count) bytes", as: .unsupported)
        }
        let dictionaryLength = prologue[8..<8 + lengthBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
        length = 8 + lengthBytes + dictionaryLength
        guard dictionaryLength <= Self.longestDictionary, length <= source.count else {
            throw InputError(
                source.name,
                expected: "an .npy header of at most \(Self.longestDictionary) bytes inside a file of \(source.count)",
                found: "\(dictionaryLength) bytes", as: .damaged)
        }
        let dictionary = try source.bytes(at: 8 + lengthBytes, count: dictionaryLength)
        (type, shape) = try Self.parse(LiteralScanner(dictionary, subject: source.name), subject: source.name)
        guard let expected = checkedByteCount(shape: shape, elementSize: type.byteCount) else {
            throw InputError(source.name, expected: "a shape that fits in memory", found: "\(shape)", as: .damaged)
        }
        guard source.count - length == expected else {
            throw InputError(
                source.name, expected: "\(expected) bytes of \(type.rawValue) for the shape \(shape)",
                found: "\(source.count - length)", as: .damaged)
        }
    }

    /// A version 1.0 header with its padding: NumPy's spare blanks for a growing first axis, then as many as align the
    /// elements to 64 bytes.
    static func encoded(type: ElementType, shape: [Int]) -> [UInt8] {
        precondition(shape.count <= mostAxes, "\(shape.count) axes, but .npy holds at most \(mostAxes)")
        let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var dictionary = Array("{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
        if let first = shape.first { dictionary += [UInt8](repeating: 0x20, count: 21 - String(first).utf8.count) }
        let unpadded = magic.count + 4 + dictionary.count + 1
        dictionary += [UInt8](repeating: 0x20, count: (64 - unpadded % 64) % 64) + [UInt8(ascii: "\n")]
        return magic + [1, 0, UInt8(dictionary.count & 0xFF), UInt8(dictionary.count >> 8)] + dictionary
    }

    private static func parse(
        _ header: LiteralScanner, subject: String
    ) throws -> (type: ElementType, shape: [Int]) {
        var header = header
        var type: ElementType?
        var isFortranOrder: Bool?
        var shape: [Int]?
        try header.expect("{")
        while !header.take("}") {
            let key = try header.string("'descr', 'fortran_order' or 'shape'")
            try header.expect(":")
            switch key {
            case "descr" where type == nil: type = try elementType(&header, subject: subject)
            case "fortran_order" where isFortranOrder == nil: isFortranOrder = try header.boolean()
            case "shape" where shape == nil: shape = try header.tuple(mostElements: mostAxes)
            case "descr", "fortran_order", "shape": throw header.duplicate(key)
            default:
                throw InputError(
                    subject, expected: "only descr, fortran_order and shape in the header", found: "'\(key)'",
                    as: .damaged)
            }
            if !header.take(",") {
                try header.expect("}")
                break
            }
        }
        try header.expectEnd()
        guard let type, let isFortranOrder, let shape else {
            throw InputError(
                subject, expected: "descr, fortran_order and shape in the header", found: "not all of them",
                as: .damaged)
        }
        guard !isFortranOrder else {
            throw InputError(subject, expected: "C order", found: "Fortran order", as: .unsupported)
        }
        return (type, shape)
    }

    private static func elementType(_ header: inout LiteralScanner, subject: String) throws -> ElementType {
        let known = "elements of " + ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        header.skipSpace()
        // A structured type.
        guard header.next != UInt8(ascii: "[") else { throw header.failure(known, as: .unsupported) }
        let description = try header.string(known)
        guard let type = ElementType(rawValue: description) else {
            throw InputError(
                subject, expected: known, found: description + (description.hasPrefix(">") ? " (big-endian)" : ""),
                as: .unsupported)
        }
        return type
    }
}
