import Foundation

/// Weighted sums with Gaussian weights along one axis of a plane; nothing lies beyond its edges.
struct GaussianWindow {
    /// From -reach to reach.
    private let weights: [Float]

    /// - Parameter deviation: in elements, above 0. Weights beyond four of it are left out.
    init(deviation: Double) {
        precondition(deviation > 0, "a window of deviation \(deviation)")
        let reach = max(1, Int((4 * deviation).rounded(.up)))
        let raw = (-reach...reach).map { exp(-0.5 * pow(Double($0) / deviation, 2)) }
        let sum = raw.reduce(0, +)
        weights = raw.map { Float($0 / sum) }
    }

    /// Along each row of a plane of this width.
    func smoothRows(of plane: [Float], width: Int) -> [Float] {
        smooth(plane, length: width, stride: 1, starts: Swift.stride(from: 0, to: plane.count, by: width))
    }

    /// Along each column of a plane of this width.
    func smoothColumns(of plane: [Float], width: Int) -> [Float] {
        smooth(plane, length: plane.count / width, stride: width, starts: Swift.stride(from: 0, to: width, by: 1))
    }

    private func smooth(_ plane: [Float], length: Int, stride: Int, starts: StrideTo<Int>) -> [Float] {
        let reach = weights.count / 2
        var result = [Float](repeating: 0, count: plane.count)
        plane.withUnsafeBufferPointer { plane in
            for start in starts {
                for position in 0..<length {
                    var sum: Float = 0
                    for other in max(0, position - reach)...min(length - 1, position + reach) {
                        sum += weights[other - position + reach] * plane[start + other * stride]
                    }
                    result[start + position * stride] = sum
                }
            }
        }
        return result
    }
}
