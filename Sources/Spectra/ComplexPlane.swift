import CFFTW

/// A complex plane in memory that FFTW may use (16-byte aligned). A reference type: transforms work in place.
public final class ComplexPlane {
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int
    private let memory: UnsafeMutablePointer<fftwf_complex>

    /// A plane of zeros.
    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: height * width * MemoryLayout<fftwf_complex>.stride, alignment: 64)
        memory = raw.bindMemory(to: fftwf_complex.self, capacity: height * width)
        memory.initialize(repeating: (0, 0), count: height * width)
    }

    deinit { memory.deallocate() }

    /// The element at row-major index `i`.
    public subscript(i: Int) -> (real: Float, imaginary: Float) {
        get { (memory[i].0, memory[i].1) }
        set { memory[i] = (newValue.real, newValue.imaginary) }
    }

    /// Makes the plane real, with these elements.
    /// - Parameter elements: `height × width` of them.
    public func fill(_ elements: UnsafeBufferPointer<Float>) {
        precondition(elements.count == height * width, "\(elements.count) elements for a plane of \(height)×\(width)")
        for i in elements.indices { memory[i] = (elements[i], 0) }
    }

    /// Makes every element 0.
    public func clear() { memory.update(repeating: (0, 0), count: height * width) }

    func withUnsafePointer<Result>(_ body: (UnsafeMutablePointer<fftwf_complex>) -> Result) -> Result { body(memory) }
}
