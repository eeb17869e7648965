import Foundation

/// What the Tree-Ring package reports, as its code computes it; for comparison only. Its p-value is not calibrated
/// (docs/science.md): on pure noise P(p < 0.001) is 0.0037 for `rand` and 0.0005 for `ring`.
public struct ReferenceScore: Sendable, Equatable {
    /// Mean of |F - K| over the mask; the package calls anything below 77 a match, whatever the model.
    public let l1: Double
    /// P(χ'²(2·|mask|, Σ|K|²/σ²) ≤ Σ|F|²/σ²) with σ from the same coefficients; nil for a key of zeros, where the
    /// statistic cannot fall below its sample size and never rejects.
    public let pValue: Double?

    /// - Parameter pairs: the key's and the measured coefficient of every cell of the mask.
    init(pairs: [(key: (Double, Double), measured: (Double, Double))]) {
        var distance = 0.0
        var keyEnergy = 0.0
        var parts: [Double] = []
        for (key, measured) in pairs {
            distance += hypot(measured.0 - key.0, measured.1 - key.1)
            keyEnergy += key.0 * key.0 + key.1 * key.1
            parts += [measured.0, measured.1]
        }
        l1 = distance / Double(pairs.count)
        let mean = parts.reduce(0, +) / Double(parts.count)
        let variance = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(parts.count - 1)
        guard keyEnergy > 0, variance > 0 else {
            pValue = nil
            return
        }
        pValue = NoncentralChiSquared.cdf(
            parts.reduce(0) { $0 + $1 * $1 } / variance, degrees: Double(parts.count),
            noncentrality: keyEnergy / variance)
    }
}
