import Foundation
import LinearAlgebra
import Spectra
import Tensors

/// The covariance of the channels at each frequency, E[F F*], packed as `HermitianPacking` says.
struct CrossPower {
    private let channels: Int
    private let count: Int
    private let packing: HermitianPacking
    private var elements: [Double]

    init(_ shape: LatentShape) {
        channels = shape.channels
        count = shape.planeCount
        packing = HermitianPacking(channels: channels, count: count)
        elements = [Double](repeating: 0, count: channels * channels * count)
    }

    /// Real E|F|² of a channel.
    func power(_ channel: Int, _ index: Int) -> Double { elements[packing.real(channel, channel) + index] }

    /// The mean of `power` over channels and frequencies.
    var meanPower: Double {
        let sum = (0..<channels).reduce(0.0) { sum, channel in
            (0..<count).reduce(sum) { $0 + power(channel, $1) }
        }
        return sum / Double(channels * count)
    }

    mutating func add(_ spectra: [ComplexPlane]) {
        for a in 0..<channels {
            for b in a..<channels {
                let (real, imaginary) = (packing.real(a, b), packing.imaginary(a, b))
                for k in 0..<count {
                    let (x, y) = (spectra[a][k], spectra[b][k])
                    let (xr, xi, yr, yi) = (Double(x.real), Double(x.imaginary), Double(y.real), Double(y.imaginary))
                    elements[real + k] += xr * yr + xi * yi
                    if a != b { elements[imaginary + k] += xi * yr - xr * yi }
                }
            }
        }
    }

    mutating func scale(_ factor: Double) {
        for i in elements.indices { elements[i] *= factor }
    }

    /// Draws every frequency towards the mean of its ring.
    mutating func pool(rings: [Int], ownWeight: Double) {
        let ringCount = (rings.max() ?? 0) + 1
        var members = [Double](repeating: 0, count: ringCount)
        for ring in rings { members[ring] += 1 }
        for start in stride(from: 0, to: elements.count, by: count) {
            var sums = [Double](repeating: 0, count: ringCount)
            for k in 0..<count { sums[rings[k]] += elements[start + k] }
            for k in 0..<count {
                elements[start + k] =
                    ownWeight * elements[start + k] + (1 - ownWeight) * sums[rings[k]] / members[rings[k]]
            }
        }
    }

    /// L = Σ^½ (Σ + ν)⁻¹ with ν the mean power, times the factor that keeps the mean power.
    func whitening(_ grid: FrequencyGrid) -> Tensor {
        let floor = meanPower
        var result = [Double](repeating: 0, count: elements.count)
        var power = 0.0
        for k in 0..<count {
            let opposite = grid.opposite(k)
            guard k <= opposite else { continue }
            let (values, vectors) = SymmetricEigen.all(embedded(k), size: 2 * channels)
            let gains = values.map { max($0, 0).squareRoot() / (max($0, 0) + floor) }
            // The embedding has every eigenvalue twice.
            let share = zip(values, gains).reduce(0) { $0 + max($1.0, 0) * $1.1 * $1.1 } / 2
            power += k == opposite ? share : 2 * share
            for a in 0..<channels {
                for b in a..<channels {
                    var (real, imaginary) = (0.0, 0.0)
                    for (gain, vector) in zip(gains, vectors) {
                        real += gain * vector[a] * vector[b]
                        imaginary += gain * vector[a + channels] * vector[b]
                    }
                    result[packing.real(a, b) + k] = real
                    result[packing.real(a, b) + opposite] = real
                    if a != b {
                        result[packing.imaginary(a, b) + k] = imaginary
                        result[packing.imaginary(a, b) + opposite] = k == opposite ? imaginary : -imaginary
                    }
                }
            }
        }
        let scale = (meanPower * Double(channels * count) / power).squareRoot()
        return Tensor(result.map { Float($0 * scale) }, shape: [channels, channels, grid.height, grid.width])
    }

    /// The real symmetric matrix [[Re Σ, -Im Σ], [Im Σ, Re Σ]] of one frequency, by rows.
    private func embedded(_ index: Int) -> [Double] {
        let size = 2 * channels
        var matrix = [Double](repeating: 0, count: size * size)
        elements.withUnsafeBufferPointer { elements in
            for a in 0..<channels {
                for b in 0..<channels {
                    let (real, imaginary) = packing.element(a, b, index, of: elements)
                    matrix[a * size + b] = real
                    matrix[(a + channels) * size + b + channels] = real
                    matrix[(a + channels) * size + b] = imaginary
                    matrix[a * size + b + channels] = -imaginary
                }
            }
        }
        return matrix
    }
}
