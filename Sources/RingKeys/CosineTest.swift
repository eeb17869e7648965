import Foundation

/// The exact test of a cosine. If a key's numbers κ ∈ R^d are isotropic and have nothing to do with the measurement a,
/// then c = ⟨a,κ⟩/‖a‖‖κ‖ has the density ∝ (1-c²)^((d-3)/2), whatever a is, and
///
///     p = P(C ≥ c) = ½ I_{1-c²}((d-1)/2, ½)   for c ≥ 0, and 1 minus that of |c| for c < 0,
///
/// with I the regularised incomplete beta function.
public enum CosineTest {
    /// Natural logarithm of P(C ≥ c), or of P(|C| ≥ |c|) when two-sided.
    /// - Parameters:
    ///   - cosine: in [-1, 1]; rounding beyond is cut off.
    ///   - dimension: d ≥ 1. With d = 1 the cosine is ±1 and says next to nothing.
    public static func logPValue(cosine: Double, dimension: Int, twoSided: Bool = false) -> Double {
        precondition(!cosine.isNaN, "a cosine that is NaN")
        precondition(dimension >= 1, "a key of \(dimension) numbers")
        let c = min(max(abs(cosine), 0), 1)
        if dimension == 1 {
            return twoSided ? 0 : (cosine > 0 ? log(0.5) : 0)
        }
        let logTwoSided = logBeta(x: (1 - c) * (1 + c), a: Double(dimension - 1) / 2, b: 0.5)
        if twoSided { return logTwoSided }
        return cosine >= 0 ? logTwoSided - log(2) : log1p(-exp(logTwoSided) / 2)
    }

    /// ln I_x(a, b), by the continued fraction of DLMF 8.17.22 on the side where it converges fast.
    static func logBeta(x: Double, a: Double, b: Double) -> Double {
        if x <= 0 { return -.infinity }
        if x >= 1 { return 0 }
        let logFront = a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)
        if x < (a + 1) / (a + b + 2) {
            return logFront + log(continuedFraction(x: x, a: a, b: b) / a)
        }
        return log1p(-exp(logFront) * continuedFraction(x: 1 - x, a: b, b: a) / b)
    }

    /// Lentz's method.
    private static func continuedFraction(x: Double, a: Double, b: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var fraction = d
        for m in 1...10_000 {
            let m = Double(m)
            for numerator in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 / away(1 + numerator * d)
                c = away(1 + numerator / c)
                fraction *= c * d
            }
            if abs(c * d - 1) < 1e-15 { break }
        }
        return fraction
    }
}
