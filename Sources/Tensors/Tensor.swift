/// A dense tensor of `Float`, row-major; images and latents are NCHW.
///
/// A value type: copies share memory until one of them is written to. The memory is 64-byte aligned and never moves
/// while a tensor refers to it, so that C libraries can read from it and write into it without a copy.
public struct Tensor: Sendable {
    /// The extent of each axis, outermost first. A scalar has the empty shape.
    public let shape: [Int]
    private var storage: TensorStorage

    /// A tensor of zeros.
    public init(zeros shape: [Int]) {
        self.init(shape: shape) { $0.initialize(repeating: 0) }
    }

    /// A tensor whose elements `initialize` writes, every one of them, into uninitialised memory.
    public init(shape: [Int], initialize: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
        precondition(shape.allSatisfy { $0 >= 0 }, "negative extent in shape \(shape)")
        let storage = TensorStorage(count: shape.reduce(1, *))
        try initialize(storage.buffer)
        self.shape = shape
        self.storage = storage
    }

    /// A tensor of the given elements in row-major order.
    public init(_ elements: some Collection<Float>, shape: [Int]) {
        precondition(
            elements.count == shape.reduce(1, *), "\(elements.count) elements do not fill the shape \(shape)")
        self.init(shape: shape) { _ = $0.initialize(from: elements) }
    }

    /// Number of elements.
    public var count: Int { storage.buffer.count }

    /// The elements in row-major order, copied.
    public var elements: [Float] { Array(storage.buffer) }

    /// Reads the elements in place.
    public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(storage) { try body(UnsafeBufferPointer($0.buffer)) }
    }

    /// Reads or writes the elements in place, after a copy if another tensor shares them.
    public mutating func withUnsafeMutableBufferPointer<Result>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        if !isKnownUniquelyReferenced(&storage) { storage = TensorStorage(copying: storage) }
        return try withExtendedLifetime(storage) { try body($0.buffer) }
    }

    /// The same elements under another shape of equal count.
    public func reshaped(_ newShape: [Int]) -> Tensor {
        precondition(newShape.reduce(1, *) == count, "cannot reshape \(shape) to \(newShape)")
        return Tensor(shape: newShape, storage: storage)
    }

    private init(shape: [Int], storage: TensorStorage) {
        self.shape = shape
        self.storage = storage
    }
}

/// Memory of a tensor; written only while one `Tensor` refers to it.
private final class TensorStorage: @unchecked Sendable {
    let buffer: UnsafeMutableBufferPointer<Float>

    init(count: Int) {
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
        buffer = UnsafeMutableBufferPointer(rebasing: memory.bindMemory(to: Float.self)[..<count])
    }

    convenience init(copying other: TensorStorage) {
        self.init(count: other.buffer.count)
        _ = buffer.initialize(from: other.buffer)
    }

    deinit { UnsafeMutableRawPointer(buffer.baseAddress)?.deallocate() }
}
