import Foundation
import Marks
import Statistics
import Tensors

extension RingReader {
    /// The two figures that the Tree-Ring reference (Wen et al. 2023) computes, as its code computes them; for native keys
    /// too (docs/reference-keys.md).
    public func publishedScore(_ noise: Tensor, of key: any MarkKey) -> PublishedScore? {
        guard let key = key as? RingKey else { return nil }
        precondition(key.geometry == geometry, "a key of \(key.geometry.canonicalText) for \(geometry.canonicalText)")
        let planes = Dictionary(uniqueKeysWithValues: zip(geometry.channels, spectra(of: noise)))
        let pairs = target(of: key).compactMap { entry in
            planes[entry.channel].map { plane in
                let measured = plane[entry.index]
                return (
                    key: (entry.real, entry.imaginary), measured: (Double(measured.real), Double(measured.imaginary))
                )
            }
        }
        return PublishedScore(treeRing: pairs)
    }
}

extension PublishedScore {
    /// Terms of the distribution's series grow with the square root of the noncentrality. A key in noise has some hundreds.
    private static let largestNoncentrality = 1e7

    /// Notation: F the shifted, unnormalised spectrum of the recovered latent and K the key's, both inside the mask M;
    /// n = 2|M|; σ² the sample variance (divisor n - 1, about the mean) of the real and imaginary parts of F in one list.
    /// The distance is the mean of |F - K| over M, the p-value P(χ'²ₙ(λ) ≤ Σ|F - K|²/σ²) with λ = Σ|K|²/σ², which is not
    /// calibrated.
    /// - Parameter pairs: the key's and the measured coefficient of every cell of the mask, as (real, imaginary).
    init(treeRing pairs: [(key: (Double, Double), measured: (Double, Double))]) {
        precondition(!pairs.isEmpty, "a mask of \(pairs.count) cells")
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
        let l1 = distance / Double(pairs.count)
        guard keyEnergy > 0 else {
            self.init(
                distance: l1, pValue: nil,
                reason: "the key is zero in its mask: the reference's statistic is at least n - 1 for every image")
            return
        }
        guard variance > 0 else {
            self.init(
                distance: l1, pValue: nil,
                reason: "the latent has one and the same value at all of the key's frequencies")
            return
        }
        guard keyEnergy / variance <= Self.largestNoncentrality else {
            self.init(
                distance: l1, pValue: nil,
                reason: "the key is so much stronger than the latent that the reference's statistic means nothing")
            return
        }
        self.init(
            distance: l1,
            pValue: NoncentralChiSquaredDistribution.cdf(
                squaredDistance / variance, degrees: count, noncentrality: keyEnergy / variance), reason: nil)
    }
}
