import Foundation

/// The beta distribution, as far as intervals of proportions need it.
enum BetaDistribution {
    /// The regularised incomplete beta function I_x(a, b), by the continued fraction DLMF 8.17.22 on the side where it
    /// converges fast; to 1e-10 for a and b up to 1e6.
    /// - Parameters:
    ///   - x: in [0, 1].
    ///   - a: above 0.
    ///   - b: above 0.
    static func cumulative(_ x: Double, a: Double, b: Double) -> Double {
        precondition(a > 0 && b > 0, "a beta distribution with parameters \(a), \(b)")
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        if x < (a + 1) / (a + b + 2) { return front * continuedFraction(x, a, b) / a }
        return 1 - front * continuedFraction(1 - x, b, a) / b
    }

    /// The x with I_x(a, b) = `probability`, by bisection down to neighbouring numbers.
    static func quantile(_ probability: Double, a: Double, b: Double) -> Double {
        var (lower, upper) = (0.0, 1.0)
        for _ in 0..<1100 {
            let middle = (lower + upper) / 2
            if middle <= lower || middle >= upper || upper - lower < 1e-15 * middle { break }
            if cumulative(middle, a: a, b: b) < probability { lower = middle } else { upper = middle }
        }
        return (lower + upper) / 2
    }

    /// By Lentz's method.
    private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var fraction = d
        for m in 1...100_000 {
            let m = Double(m)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            fraction *= c * d
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            fraction *= c * d
            if abs(c * d - 1) < 1e-15 { break }
        }
        return fraction
    }
}
