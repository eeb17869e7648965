import Files
import Foundation
import InputErrors
import Tensors

/// An array in NumPy's `.npy` format (NEP 1), versions 1 to 3: little-endian, C order, of the types `<f2`, `<f4`, `<f8`,
/// `<c8`, `<c16` and `<i8`.
public struct NpyArray: Sendable, Equatable {
    /// The elements in row-major order; complex ones as interleaved real and imaginary parts.
    public enum Elements: Sendable, Equatable {
        case float32([Float])
        case float64([Double])
        case complex64([Float])
        case complex128([Double])
        case int64([Int64])

        var type: NpyHeader.ElementType {
            switch self {
            case .float32: .float32
            case .float64: .float64
            case .complex64: .complex64
            case .complex128: .complex128
            case .int64: .int64
            }
        }

        fileprivate func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
            switch self {
            case .float32(let values), .complex64(let values): try values.withUnsafeBytes(body)
            case .float64(let values), .complex128(let values): try values.withUnsafeBytes(body)
            case .int64(let values): try values.withUnsafeBytes(body)
            }
        }
    }

    /// The extent of each axis, outermost first.
    public let shape: [Int]
    /// The elements and their type.
    public let elements: Elements

    /// An array of the given elements, which must fill the shape.
    public init(shape: [Int], elements: Elements) {
        let stored = elements.withUnsafeBytes(\.count)
        let expected = shape.reduce(elements.type.byteCount, *)
        precondition(stored == expected, "\(stored) bytes do not fill the shape \(shape) of \(expected)")
        self.shape = shape
        self.elements = elements
    }

    /// Reads a file, or the only array of an `.npz` archive that is not compressed.
    ///
    /// - `limit`: the most bytes that are accepted, 4 GiB unless given.
    /// - Throws an `InputError` naming the file and what is wrong with its header or length: anything but exactly one
    ///   array is refused. NaN and infinity are kept; `tensor(named:)` refuses them.
    public init(contentsOf path: String, limit: Int = 1 << 32) throws {
        let file = try RegularFile(opening: path)
        guard file.count <= limit else {
            throw InputError(path, expected: "at most \(limit) bytes", found: "\(file.count) bytes", as: .tooLarge)
        }
        try self.init(reading: Self.place(in: file))
    }

    /// Reads the content of a file; `name` stands for it in errors.
    public init(data: Data, named name: String) throws {
        try self.init(reading: Self.place(in: MemoryBytes(name: name, data: data)))
    }

    init(reading source: any ByteSource) throws {
        let header = try NpyHeader(reading: source)
        func array<Number: BitwiseCopyable>(of type: Number.Type) throws -> [Number] {
            let count = (source.count - header.length) / MemoryLayout<Number>.stride
            return try source.array(of: type, at: header.length, count: count)
        }
        shape = header.shape
        elements =
            switch header.type {
            case .float16: .float32(try array(of: Float16.self).map(Float.init))
            case .float32: .float32(try array(of: Float.self))
            case .float64: .float64(try array(of: Double.self))
            case .complex64: .complex64(try array(of: Float.self))
            case .complex128: .complex128(try array(of: Double.self))
            case .int64: .int64(try array(of: Int64.self))
            }
    }

    /// The file's content, version 1.0: the bytes that `numpy.save` writes.
    public var data: Data {
        var result = Data(NpyHeader.encoded(type: elements.type, shape: shape))
        elements.withUnsafeBytes { result.append(contentsOf: $0) }
        return result
    }

    /// Writes a file by way of `AtomicFile`.
    public func write(to path: String, overwrite: Bool, permissions: mode_t = 0o644) throws {
        try AtomicFile.write(to: path, overwrite: overwrite, permissions: permissions) { file in
            try file.append(NpyHeader.encoded(type: elements.type, shape: shape))
            try elements.withUnsafeBytes { try file.append($0) }
        }
    }

    /// Interleaved real and imaginary parts in Double, or nil where the array is real.
    public var interleavedComplex: [Double]? {
        switch elements {
        case .complex64(let values): values.map(Double.init)
        case .complex128(let values): values
        case .float32, .float64, .int64: nil
        }
    }

    /// The elements as a tensor, each rounded to the nearest Float; `name` stands for the array in errors.
    ///
    /// Throws an `InputError` where the array is complex, or has an element that is NaN, infinite or beyond Float's
    /// range: the message has the index of the first one in row-major order.
    public func tensor(named name: String) throws -> Tensor {
        let tensor: Tensor
        switch elements {
        case .float32(let values): tensor = Tensor(values, shape: shape)
        case .float64(let values): tensor = Tensor(rounding: values, shape: shape) { Float($0) }
        case .int64(let values): tensor = Tensor(rounding: values, shape: shape) { Float($0) }
        case .complex64, .complex128:
            throw InputError(name, expected: "real numbers", found: "complex ones", as: .unsupported)
        }
        try tensor.requireFinite(name)
        return tensor
    }
}

extension Tensor {
    /// Reads a real `.npy` file (`<f4`, `<f8`, `<i8`), each element rounded to the nearest Float.
    ///
    /// Throws an `InputError` where the file is damaged or complex, or has an element that is NaN, infinite or beyond
    /// Float's range.
    public init(npy path: String) throws {
        self = try NpyArray(contentsOf: path).tensor(named: path)
    }

    /// The tensor as a `<f4` array.
    public var npy: NpyArray { NpyArray(shape: shape, elements: .float32(elements)) }

    fileprivate init<Number>(rounding values: [Number], shape: [Int], _ rounded: (Number) -> Float) {
        self.init(shape: shape) { target in
            for (index, value) in values.enumerated() { target.initializeElement(at: index, to: rounded(value)) }
        }
    }
}
