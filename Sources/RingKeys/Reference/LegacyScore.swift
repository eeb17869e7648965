import Foundation
import Tensors

/// The two figures that the Tree-Ring reference (Wen et al. 2023) computes, as its code computes them. For comparison
/// only: neither carries a known false-alarm rate (docs/reference-keys.md).
///
/// Notation: F the shifted, unnormalised spectrum of the recovered latent and K the key's, both inside the mask M;
/// n = 2|M|; σ² the sample variance (divisor n - 1, about the mean) of the real and imaginary parts of F in one list.
public struct LegacyScore: Sendable, Equatable {
    /// The reference package calls an L1 distance up to this a match, whatever the model, the radius and the pattern.
    public static let packageThreshold = 77.0

    /// The mean of |F - K| over M.
    public let l1: Double
    /// P(χ'²ₙ(λ) ≤ Σ|F - K|²/σ²) with λ = Σ|K|²/σ². Not calibrated.
    public let pValue: Double?
    /// Why there is no p-value; nil where there is one.
    public let reason: String?

    /// Scores a latent, `[1, C, h, w]`, against the coefficients that marking with the key puts into the spectrum. Works
    /// for every pattern, native ones too.
    /// - Throws: `InputError` for a NaN or an infinity.
    public static func of(_ latent: Tensor, key: RingKey) throws -> LegacyScore {
        let shape = key.geometry.latentShape
        precondition(latent.shape == shape.tensorShape(), "a key for \(shape) on a latent of \(latent.shape)")
        guard latent.isFinite else {
            throw InputError("recovered latent", expected: "numbers", found: "NaN or infinity")
        }
        let transform = PlaneTransform(height: shape.height, width: shape.width)
        let plane = ComplexPlane(height: shape.height, width: shape.width)
        let target = Dictionary(grouping: key.targetSpectrum(), by: \.channel)
        let pairs = latent.withUnsafeBufferPointer { elements in
            target.sorted { $0.key < $1.key }.flatMap { channel, coefficients in
                for i in 0..<shape.planeCount { plane[i] = (elements[channel * shape.planeCount + i], 0) }
                transform.forward(plane)
                return coefficients.map { coefficient in
                    let measured = plane[coefficient.index]
                    return (
                        key: (coefficient.real, coefficient.imaginary),
                        measured: (Double(measured.real), Double(measured.imaginary))
                    )
                }
            }
        }
        return LegacyScore(pairs: pairs)
    }

    /// - Parameter pairs: the key's and the measured coefficient of every cell of the mask, as (real, imaginary).
    init(pairs: [(key: (Double, Double), measured: (Double, Double))]) {
        precondition(!pairs.isEmpty, "a mask without cells")
        var (distance, squaredDistance, keyEnergy) = (0.0, 0.0, 0.0)
        var sum = 0.0
        for (key, measured) in pairs {
            let (real, imaginary) = (measured.0 - key.0, measured.1 - key.1)
            distance += hypot(real, imaginary)
            squaredDistance += real * real + imaginary * imaginary
            keyEnergy += key.0 * key.0 + key.1 * key.1
            sum += measured.0 + measured.1
        }
        let count = Double(2 * pairs.count)
        let mean = sum / count
        let deviations = pairs.reduce(0.0) { total, pair in
            let (real, imaginary) = (pair.measured.0 - mean, pair.measured.1 - mean)
            return total + real * real + imaginary * imaginary
        }
        let variance = deviations / (count - 1)
        l1 = distance / Double(pairs.count)
        guard keyEnergy > 0 else {
            pValue = nil
            reason = "the key is zero in its mask: the reference's statistic is at least n - 1 for every image"
            return
        }
        guard variance > 0 else {
            pValue = nil
            reason = "the latent has one and the same value at all of the key's frequencies"
            return
        }
        pValue = NoncentralChiSquaredDistribution.cdf(
            squaredDistance / variance, degrees: count, noncentrality: keyEnergy / variance)
        reason = nil
    }
}
