import Foundation

/// The beta distribution, as far as intervals of proportions need it.
package enum BetaDistribution {
    /// The regularised incomplete beta function I_x(a, b), by the continued fraction DLMF 8.17.22 on the side where it
    /// converges fast; to 1e-10 for a and b up to 1e6.
    /// - Parameters:
    ///   - x: in [0, 1].
    ///   - a: above 0.
    ///   - b: above 0.
    package static func cumulative(_ x: Double, a: Double, b: Double) -> Double {
        precondition(a > 0 && b > 0, "a beta distribution with parameters \(a), \(b)")
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        if x < (a + 1) / (a + b + 2) { return front * IncompleteBeta.fraction(x, a: a, b: b) / a }
        return 1 - front * IncompleteBeta.fraction(1 - x, a: b, b: a) / b
    }

    /// The x with I_x(a, b) = `probability`, by bisection down to neighbouring numbers.
    package static func quantile(_ probability: Double, a: Double, b: Double) -> Double {
        var (lower, upper) = (0.0, 1.0)
        for _ in 0..<1100 {
            let middle = (lower + upper) / 2
            if middle <= lower || middle >= upper || upper - lower < 1e-15 * middle { break }
            if cumulative(middle, a: a, b: b) < probability { lower = middle } else { upper = middle }
        }
        return (lower + upper) / 2
    }
}
