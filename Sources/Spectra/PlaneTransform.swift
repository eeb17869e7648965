import CFFTW
import Synchronization

/// FFTW's planner is not thread-safe: every plan is made and destroyed under this lock. Executing needs none.
let plannerLock = Mutex(())

/// The two-dimensional discrete Fourier transform of complex planes `height × width`, unnormalised forward,
/// divided by `height · width` backward, as `numpy.fft.fft2` and `ifft2` do. DC is at index (0, 0).
///
/// Plans are made with `FFTW_ESTIMATE`, so that results are the same bits in every process.
public final class PlaneTransform: @unchecked Sendable {
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int
    private let forwardPlan: fftwf_plan
    private let backwardPlan: fftwf_plan

    /// Plans for planes of one size.
    public init(height: Int, width: Int) {
        precondition(height > 0 && width > 0, "a plane of \(height)×\(width) has no transform")
        self.height = height
        self.width = width
        let scratch = ComplexPlane(height: height, width: width)
        nonisolated(unsafe) var plans: (forward: fftwf_plan?, backward: fftwf_plan?)
        scratch.withUnsafePointer { pointer in
            nonisolated(unsafe) let pointer = pointer
            plannerLock.withLock { _ in
                plans.forward = fftwf_plan_dft_2d(
                    Int32(height), Int32(width), pointer, pointer, FFTW_FORWARD, FFTW_ESTIMATE)
                plans.backward = fftwf_plan_dft_2d(
                    Int32(height), Int32(width), pointer, pointer, FFTW_BACKWARD, FFTW_ESTIMATE)
            }
        }
        guard let forward = plans.forward, let backward = plans.backward else {
            preconditionFailure("FFTW made no plan for \(height)×\(width)")
        }
        (forwardPlan, backwardPlan) = (forward, backward)
    }

    deinit {
        nonisolated(unsafe) let plans = (forwardPlan, backwardPlan)
        plannerLock.withLock { _ in
            fftwf_destroy_plan(plans.0)
            fftwf_destroy_plan(plans.1)
        }
    }

    /// The forward transform in place.
    public func forward(_ plane: ComplexPlane) {
        requireSameSize(plane)
        plane.withUnsafePointer { fftwf_execute_dft(forwardPlan, $0, $0) }
    }

    /// The inverse transform in place, divided by the number of elements.
    public func inverse(_ plane: ComplexPlane) {
        requireSameSize(plane)
        plane.withUnsafePointer { fftwf_execute_dft(backwardPlan, $0, $0) }
        let scale = 1 / Float(height * width)
        for i in 0..<height * width { plane[i] = (plane[i].real * scale, plane[i].imaginary * scale) }
    }

    private func requireSameSize(_ plane: ComplexPlane) {
        precondition(
            plane.height == height && plane.width == width,
            "a plane of \(plane.height)×\(plane.width) in a transform of \(height)×\(width)")
    }
}
