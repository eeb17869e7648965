import Foundation

/// The exact test of a cosine. If a key's numbers κ ∈ R^d are isotropic and have nothing to do with the measurement a,
/// then c = ⟨a,κ⟩/‖a‖‖κ‖ has the density ∝ (1-c²)^((d-3)/2), whatever a is, and
///
///     p = P(C ≥ c) = ½ I_{1-c²}((d-1)/2, ½)   for c ≥ 0, and 1 minus that of |c| for c < 0,
///
/// with I the regularised incomplete beta function. In logarithms throughout: p-values below the smallest Double keep
/// their exponent.
public enum CosineTest {
    /// Natural logarithm of P(C ≥ c), or of P(|C| ≥ |c|) when two-sided, to 1e-10 relative in p.
    /// - Parameters:
    ///   - cosine: in [-1, 1]; rounding beyond is cut off. At 1 the logarithm is -infinity.
    ///   - dimension: d ≥ 1. With d = 1 the cosine is ±1 and says next to nothing.
    ///   - twoSided: whether a cosine of reversed sign counts too.
    public static func logPValue(cosine: Double, dimension: Int, twoSided: Bool = false) -> Double {
        precondition(!cosine.isNaN, "a cosine that is NaN")
        precondition(dimension >= 1, "a key of \(dimension) numbers")
        if dimension == 1 {
            return !twoSided && cosine > 0 ? -log(2) : 0
        }
        let logTwoSided = logBeta(cosine: min(abs(cosine), 1), a: Double(dimension - 1) / 2)
        if twoSided { return logTwoSided }
        return cosine >= 0 ? logTwoSided - log(2) : log1p(-exp(logTwoSided) / 2)
    }

    /// ln I_{1-c²}(a, ½) for c in [0, 1], by the continued fraction on the side where it converges fast.
    private static func logBeta(cosine c: Double, a: Double) -> Double {
        if c == 0 { return 0 }
        if c == 1 { return -.infinity }
        // 1 - c² and its logarithm, without cancellation at either end.
        let x = (1 - c) * (1 + c)
        let logX = c < 0.5 ? log1p(-c * c) : log(x)
        // ln of x^a (1-x)^½ / B(a, ½), with B(a, ½) = Γ(a)√π / Γ(a+½).
        let logFront = a * logX + log(c) + logGammaRatio(a) - log(Double.pi) / 2
        if x < (a + 1) / (a + 2.5) {
            return logFront + log(IncompleteBeta.fraction(x, a: a, b: 0.5) / a)
        }
        return log1p(-exp(logFront) * IncompleteBeta.fraction(c * c, a: 0.5, b: a) / 0.5)
    }

    /// ln Γ(a+½)/Γ(a). For large a by the asymptotic series (DLMF 5.11.8), whose next term is below 1e-15 there; the
    /// difference of two large logarithms would lose digits.
    private static func logGammaRatio(_ a: Double) -> Double {
        if a < 25 { return lgamma(a + 0.5) - lgamma(a) }
        let r = 1 / a
        return log(a) / 2 - r / 8 + r * r * r * (1.0 / 192 - r * r * (1.0 / 640 - r * r * 17 / 14336))
    }
}
