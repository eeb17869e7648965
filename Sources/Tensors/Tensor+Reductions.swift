#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

extension Tensor {
    /// The inner product over all elements, accumulated in Double.
    public func dot(_ other: Tensor) -> Double {
        precondition(shape == other.shape, "inner product of \(shape) and \(other.shape)")
        return withUnsafeBufferPointer { x in
            other.withUnsafeBufferPointer { y in
                var sum = 0.0
                for i in x.indices { sum += Double(x[i]) * Double(y[i]) }
                return sum
            }
        }
    }

    /// The squared Euclidean norm, accumulated in Double.
    public var squaredNorm: Double { dot(self) }

    /// The mean of all elements; NaN for an empty tensor.
    public var mean: Double {
        withUnsafeBufferPointer { x in x.reduce(0.0) { $0 + Double($1) } / Double(x.count) }
    }

    /// The standard deviation of all elements about their mean (divisor n).
    public var standardDeviation: Double {
        let mean = self.mean
        return withUnsafeBufferPointer { x in
            (x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(x.count)).squareRoot()
        }
    }

    /// Whether no element is NaN or infinite.
    public var isFinite: Bool {
        withUnsafeBufferPointer { $0.allSatisfy(\.isFinite) }
    }

    /// The normalised mean squared error against `truth` in dB, `10·log₁₀(‖self - truth‖² / ‖truth‖²)`.
    public func normalisedErrorDecibels(to truth: Tensor) -> Double {
        10 * log10((self - truth).squaredNorm / truth.squaredNorm)
    }
}
