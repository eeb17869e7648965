import Foundation

/// A vector as whole numbers from -127 to 127 times a scale, with what that costs.
enum QuantizedVector {
    /// Writes the nearest whole numbers.
    /// - Parameters:
    ///   - vector: not all zeros.
    ///   - target: as long or longer; the rest becomes 0.
    /// - Returns: the scale, so that the vector is about scale times the whole numbers, and the norm of what is left over that
    ///   of the vector.
    static func write(
        _ vector: UnsafeBufferPointer<Double>, to target: UnsafeMutableBufferPointer<Int8>
    ) -> (scale: Double, norm: Double, error: Double) {
        var (largest, squares) = (0.0, 0.0)
        for value in vector {
            largest = max(largest, abs(value))
            squares += value * value
        }
        let scale = largest > 0 ? largest / 127 : 1
        var rest = 0.0
        for (index, value) in vector.enumerated() {
            let whole = max(-127, min(127, (value / scale).rounded()))
            target[index] = Int8(whole)
            let left = value - whole * scale
            rest += left * left
        }
        for index in vector.count..<target.count { target[index] = 0 }
        let norm = squares.squareRoot()
        return (scale, norm, norm > 0 ? rest.squareRoot() / norm : 0)
    }
}

/// A reading for the coarse pass: one vector of whole numbers, or two where one is too coarse, the second for what the first
/// leaves.
struct QuantizedReading {
    /// The largest share of a reading that one vector may leave.
    static let coarsest = 0.02

    /// Scale over the reading's norm, of each vector.
    let scales: [Float]
    /// Norm of what is left, over the reading's norm.
    let error: Float

    /// - Parameters:
    ///   - reading: not all zeros.
    ///   - stride: numbers of a vector.
    ///   - vectors: the vectors are added here.
    init(_ reading: [Double], stride: Int, addingTo vectors: inout [Int8]) {
        var own = [Int8](repeating: 0, count: stride)
        func quantize(_ vector: [Double]) -> (scale: Double, norm: Double, error: Double) {
            vector.withUnsafeBufferPointer { vector in
                own.withUnsafeMutableBufferPointer { QuantizedVector.write(vector, to: $0) }
            }
        }
        let first = quantize(reading)
        vectors += own
        guard first.error > Self.coarsest else {
            scales = [Float(first.scale / first.norm)]
            error = Float(first.error).nextUp
            return
        }
        let rest = zip(reading, own).map { $0 - Double($1) * first.scale }
        let second = quantize(rest)
        vectors += own
        scales = [Float(first.scale / first.norm), Float(second.scale / first.norm)]
        error = Float(first.error * second.error).nextUp
    }
}
