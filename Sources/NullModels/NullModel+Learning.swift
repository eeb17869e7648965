import Foundation
import InputErrors
import LinearAlgebra
import Spectra
import Tensors

extension NullModel {
    /// The fewest images that a null is learnt from.
    public static let fewestImages = 16

    /// Images at which the covariance of one frequency counts as much as that of its ring.
    private static let ringWeight = 8.0
    /// Directions that are learnt at most, and images for each of them.
    private static let mostDirections = 24
    private static let imagesPerDirection = 8

    /// Learns from recovered latents of unmarked images (docs/calibration.md).
    ///
    /// - m is their mean, shrunk towards zero on each ring of frequencies by the share that chance explains.
    /// - L = Σ^½ (Σ + ν)⁻¹ at each frequency, with Σ the covariance of the channels there, a little pooled with the ring's,
    ///   and ν the mean power over all channels and frequencies: whitening where there is more power than that, and less
    ///   than nothing gained where there is less. Inversion loses the weak components; whitening in full (ν = 0) would
    ///   raise their noise to the level of what carries marks.
    /// - u are the leading principal directions of the evened latents, each scaled to length 1; their gains bring the
    ///   power along them down to the mean of all others.
    ///
    /// - Parameters:
    ///   - latents: `[1, C, h, w]` each, at least `fewestImages`.
    ///   - subject: names the source in errors.
    /// - Throws: `InputError` for too few, for a NaN, or where all are alike.
    public init(learningFrom latents: [Tensor], subject: String = "calibration") throws {
        guard let first = latents.first, latents.count >= Self.fewestImages else {
            throw InputError(
                subject, expected: "at least \(Self.fewestImages) images", found: "\(latents.count)", as: .tooFew)
        }
        precondition(latents.allSatisfy { $0.shape == first.shape }, "latents of several shapes")
        guard latents.allSatisfy(\.isFinite) else {
            throw InputError(
                subject, expected: "finite numbers in the recovered latents", found: "NaN or infinity", as: .notFinite)
        }
        let shape = LatentShape(channels: first.shape[1], height: first.shape[2], width: first.shape[3])
        let grid = FrequencyGrid(shape)
        let rings = (0..<grid.count).map { Int(grid.magnitude(at: $0).rounded()) }
        let transform = PlaneTransform(height: shape.height, width: shape.width)
        let rawMean = Tensor.combination(latents.map { (1 / Double(latents.count), $0) })
        var covariance = CrossPower(shape)
        for latent in latents { covariance.add(transform.spectra(of: latent - rawMean)) }
        covariance.scale(1 / Double(latents.count - 1))
        let mean = Self.shrunk(rawMean, covariance, images: latents.count, rings: rings, transform)
        let ownWeight = Double(latents.count) / (Double(latents.count) + Self.ringWeight)
        covariance.pool(rings: rings, ownWeight: ownWeight)
        guard covariance.meanPower > 0 else {
            throw InputError(subject, expected: "recovered latents that differ", found: "identical ones", as: .tooFew)
        }
        let even = NullModel(
            mean: mean, whitening: covariance.whitening(grid), directions: nil, gains: [])
        let units = latents.map { latent -> Tensor in
            let whitened = even.whitened(latent)
            let norm = whitened.norm
            return norm > 0 ? (1 / norm) * whitened : whitened
        }
        let (directions, gains) = Self.commonDirections(
            units, count: min(Self.mostDirections, latents.count / Self.imagesPerDirection))
        self.init(mean: mean, whitening: even.whitening, directions: directions, gains: gains)
    }

    /// The mean latent, on each ring of each channel times 1 - (chance power)/(power), at least 0: of independent images
    /// the mean of n has 1/n of their covariance by chance.
    private static func shrunk(
        _ mean: Tensor, _ covariance: CrossPower, images: Int, rings: [Int], _ transform: PlaneTransform
    ) -> Tensor {
        let ringCount = (rings.max() ?? 0) + 1
        let count = rings.count
        return Tensor(shape: mean.shape) { target in
            for (channel, plane) in transform.spectra(of: mean).enumerated() {
                var chance = [Double](repeating: 0, count: ringCount)
                var power = chance
                for k in 0..<count {
                    chance[rings[k]] += covariance.power(channel, k) / Double(images)
                    let (real, imaginary) = (Double(plane[k].real), Double(plane[k].imaginary))
                    power[rings[k]] += real * real + imaginary * imaginary
                }
                for k in 0..<count {
                    let ring = rings[k]
                    let share = power[ring] > 0 ? Float(max(0, 1 - chance[ring] / power[ring])) : 0
                    plane[k] = (plane[k].real * share, plane[k].imaginary * share)
                }
                transform.inverse(plane)
                for k in 0..<count { target.initializeElement(at: channel * count + k, to: plane[k].real) }
            }
        }
    }

    /// The leading principal directions of vectors of length 1, and √(mean power of the others / power along each).
    private static func commonDirections(_ units: [Tensor], count: Int) -> (Tensor?, [Double]) {
        guard count > 0 else { return (nil, []) }
        let n = units.count
        var gram = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0...i {
                gram[i * n + j] = units[i].dot(units[j]) / Double(n)
                gram[j * n + i] = gram[i * n + j]
            }
        }
        let (powers, vectors) = SymmetricEigen.leading(count, of: gram, size: n)
        let total = (0..<n).reduce(0) { $0 + gram[$1 * n + $1] }
        let rest = max(0, total - powers.reduce(0, +)) / Double(units[0].count - count)
        var directions: [Tensor] = []
        var gains: [Double] = []
        for (power, vector) in zip(powers, vectors) where power > rest {
            let direction = Tensor.combination(Array(zip(vector, units)))
            let norm = direction.norm
            guard norm > 0 else { continue }
            directions.append((1 / norm) * direction)
            // As precise as files keep it.
            gains.append(Double(Float((rest / power).squareRoot())))
        }
        return directions.isEmpty ? (nil, []) : (.concatenating(directions), gains)
    }
}

extension Tensor {
    /// The Euclidean norm of all elements.
    fileprivate var norm: Double { dot(self).squareRoot() }
}
