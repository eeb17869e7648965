import Foundation

/// An array in NumPy's `.npy` format (NEP 1), versions 1 to 3: little-endian, C order, of the types `<f4`, `<f8`,
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

        var storedCount: Int {
            switch self {
            case .float32(let values), .complex64(let values): values.count
            case .float64(let values), .complex128(let values): values.count
            case .int64(let values): values.count
            }
        }
    }

    public let shape: [Int]
    public let elements: Elements

    /// The largest file that is read, in bytes.
    static let largestFile = 1 << 32

    public init(shape: [Int], elements: Elements) {
        let count = shape.reduce(1, *) * (elements.type.isComplex ? 2 : 1)
        precondition(elements.storedCount == count, "\(elements.storedCount) numbers do not fill the shape \(shape)")
        self.shape = shape
        self.elements = elements
    }

    /// Reads a file.
    /// - Throws: `InputError` naming the file and what is wrong with its header or length.
    public init(contentsOf path: String) throws {
        try self.init(data: InputFile.read(path, limit: Self.largestFile), named: path)
    }

    /// Reads the content of a file; `name` stands for it in errors.
    public init(data: Data, named name: String) throws {
        let header = try NpyHeader(data: data, named: name)
        let body = data[(data.startIndex + header.length)...]
        shape = header.shape
        switch header.type {
        case .float32: elements = .float32(Self.load(body))
        case .float64: elements = .float64(Self.load(body))
        case .complex64: elements = .complex64(Self.load(body))
        case .complex128: elements = .complex128(Self.load(body))
        case .int64: elements = .int64(Self.load(body))
        }
    }

    /// The file's content, version 1.0.
    public var data: Data {
        var result = NpyHeader(type: elements.type, shape: shape).data
        switch elements {
        case .float32(let values), .complex64(let values): values.withUnsafeBytes { result.append(contentsOf: $0) }
        case .float64(let values), .complex128(let values): values.withUnsafeBytes { result.append(contentsOf: $0) }
        case .int64(let values): values.withUnsafeBytes { result.append(contentsOf: $0) }
        }
        return result
    }

    /// Writes a file by way of a temporary name.
    public func write(to path: String, overwrite: Bool) throws {
        try AtomicFile.write(data, to: path, overwrite: overwrite)
    }

    /// Interleaved real and imaginary parts in Double, or nil where the array is real.
    public var interleavedComplex: [Double]? {
        switch elements {
        case .complex64(let values): values.map(Double.init)
        case .complex128(let values): values
        default: nil
        }
    }

    private static func load<Number>(_ body: Data) -> [Number] {
        [Number](unsafeUninitializedCapacity: body.count / MemoryLayout<Number>.stride) { buffer, count in
            count = body.copyBytes(to: buffer) / MemoryLayout<Number>.stride
        }
    }
}

extension Tensor {
    /// Reads a real `.npy` file.
    /// - Throws: `InputError` where it is complex, or has an element that is NaN, infinite or beyond Float.
    public init(npy path: String) throws {
        let array = try NpyArray(contentsOf: path)
        let values: [Float]
        switch array.elements {
        case .float32(let stored): values = stored
        case .float64(let stored): values = stored.map { Float($0) }
        case .int64(let stored): values = stored.map { Float($0) }
        case .complex64, .complex128:
            throw InputError(path, expected: "real numbers", found: "complex ones")
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw InputError(path, expected: "finite numbers", found: "\(values[index]) at index \(index)")
        }
        self.init(values, shape: array.shape)
    }

    /// The tensor as a `<f4` array.
    public var npy: NpyArray { NpyArray(shape: shape, elements: .float32(elements)) }
}
