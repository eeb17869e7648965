import Foundation

/// The non-central χ² distribution as a Poisson mixture of central ones (Johnson, Kotz and Balakrishnan 1995, ch. 29).
///
/// Notation: n degrees of freedom, λ non-centrality, y = x/2, μ = λ/2, a = n/2,
///
///     P(X ≤ x) = Σⱼ wⱼ Pⱼ,   wⱼ = e^{-μ} μʲ / j!,   Pⱼ = P(a + j, y),
///
/// with P the regularised lower incomplete gamma function. The terms are log-concave in j, so there is one largest; the
/// sum runs downwards from far above it by
///
///     Pⱼ = Pⱼ₊₁ + tⱼ,   tⱼ = y^{a+j} e^{-y} / Γ(a + j + 1),
///
/// where nothing is ever subtracted, in units of the largest term, so that nothing that matters underflows.
package enum NoncentralChiSquaredDistribution {
    /// Terms below e^-45 of the largest one are left out.
    private static let negligible = 45.0

    /// P(X ≤ x), to about 1e-11 relative for n and λ up to 1e4; 0 only where the result is below the smallest Double.
    package static func cdf(_ x: Double, degrees: Double, noncentrality: Double) -> Double {
        min(1, exp(logCDF(x, degrees: degrees, noncentrality: noncentrality)))
    }

    /// ln P(X ≤ x).
    package static func logCDF(_ x: Double, degrees: Double, noncentrality: Double) -> Double {
        precondition(x.isFinite && x >= 0, "a statistic of \(x)")
        precondition(degrees > 0 && degrees.isFinite, "\(degrees) degrees of freedom")
        precondition(noncentrality >= 0 && noncentrality.isFinite, "a non-centrality of \(noncentrality)")
        if x == 0 { return -.infinity }
        let (a, y, rate) = (degrees / 2, x / 2, noncentrality / 2)
        if rate == 0 { return logLowerGamma(a, y) }

        func logWeight(_ j: Double) -> Double { j * log(rate) - rate - lgamma(j + 1) }
        func logTerm(_ j: Double) -> Double { logWeight(j) + logLowerGamma(a + j, y) }

        let mode = largest(of: logTerm, upTo: floor(rate))
        let scale = logTerm(mode)
        let step = 10 + floor(rate.squareRoot())
        var top = mode + step
        while logTerm(top) > scale - negligible { top += step }

        // Both in logarithms, in units of the largest term's factors.
        let gammaScale = logLowerGamma(a + mode, y)
        var weight = logWeight(top) - logWeight(mode)
        var density = (a + top) * log(y) - y - lgamma(a + top + 1) - gammaScale
        var lowerGamma = exp(logLowerGamma(a + top, y) - gammaScale)
        var sum = exp(weight) * lowerGamma
        var j = top
        while j > 0 {
            weight += log(j / rate)
            density += log((a + j) / y)
            j -= 1
            lowerGamma += exp(density)
            let term = exp(weight) * lowerGamma
            sum += term
            if j < mode, term < exp(-negligible) * sum { break }
        }
        return min(0, scale + log(sum))
    }

    /// The whole number in 0...limit where a unimodal function is largest.
    private static func largest(of value: (Double) -> Double, upTo limit: Double) -> Double {
        var (low, high) = (0.0, limit)
        while low < high {
            let middle = floor((low + high) / 2)
            if value(middle) < value(middle + 1) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// ln P(a, y) by the series P(a, y) = y^a e^{-y} / Γ(a+1) · Σₖ yᵏ / ((a+1)…(a+k)), whose terms are all positive.
    private static func logLowerGamma(_ a: Double, _ y: Double) -> Double {
        // Chernoff's bound: Q(a, y) ≤ e^-excess for y > a. Beyond, P is 1 and the series would overflow.
        let excess = y > a ? y - a - a * log(y / a) : 0
        if excess > 50 { return 0 }
        var term = 1.0
        var sum = 1.0
        var denominator = a
        while term > sum * 1e-17 || denominator < y {
            denominator += 1
            term *= y / denominator
            sum += term
        }
        return min(0, a * log(y) - y - lgamma(a + 1) + log(sum))
    }
}
