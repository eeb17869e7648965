import CFFTW

/// The inverse transform of Hermitian spectra to real square planes, unnormalised, for one thread at a time: it has its own
/// memory.
public final class InverseRealTransform {
    /// Rows and columns of the plane.
    public let side: Int
    /// The columns of the spectrum that are kept: the others are conjugates.
    public var columns: Int { side / 2 + 1 }
    private let spectrum: UnsafeMutablePointer<fftwf_complex>
    private let plane: UnsafeMutablePointer<Float>
    private let plan: fftwf_plan

    /// A plan for planes of `side × side`, an even number.
    public init(side: Int) {
        precondition(side > 0 && side % 2 == 0, "a plane with a side of \(side)")
        self.side = side
        let columns = side / 2 + 1
        spectrum = UnsafeMutableRawPointer.allocate(
            byteCount: side * columns * MemoryLayout<fftwf_complex>.stride, alignment: 64
        ).bindMemory(to: fftwf_complex.self, capacity: side * columns)
        plane = UnsafeMutableRawPointer.allocate(
            byteCount: side * side * MemoryLayout<Float>.stride, alignment: 64
        ).bindMemory(to: Float.self, capacity: side * side)
        spectrum.initialize(repeating: (0, 0), count: side * columns)
        plane.initialize(repeating: 0, count: side * side)
        nonisolated(unsafe) let (input, output) = (spectrum, plane)
        nonisolated(unsafe) var made: fftwf_plan?
        plannerLock.withLock { _ in
            made = fftwf_plan_dft_c2r_2d(Int32(side), Int32(side), input, output, FFTW_ESTIMATE)
        }
        guard let made else { preconditionFailure("FFTW made no plan for \(side)×\(side)") }
        plan = made
    }

    deinit {
        nonisolated(unsafe) let plan = plan
        plannerLock.withLock { _ in fftwf_destroy_plan(plan) }
        spectrum.deallocate()
        plane.deallocate()
    }

    /// Transforms what `fill` writes.
    /// - Parameter fill: gets the spectrum, zeros by rows of `columns`, DC first.
    /// - Returns: the plane by rows, valid until the next call.
    public func transform(
        _ fill: (UnsafeMutablePointer<fftwf_complex>) -> Void
    ) -> UnsafeBufferPointer<Float> {
        spectrum.update(repeating: (0, 0), count: side * columns)
        fill(spectrum)
        fftwf_execute(plan)
        return UnsafeBufferPointer(start: plane, count: side * side)
    }
}
