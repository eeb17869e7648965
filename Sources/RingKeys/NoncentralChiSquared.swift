import Foundation

/// The non-central χ² distribution, as a mixture of central ones with Poisson weights (Johnson, Kotz and Balakrishnan
/// 1995, ch. 29).
enum NoncentralChiSquared {
    /// P(X ≤ x).
    static func cdf(_ x: Double, degrees: Double, noncentrality: Double) -> Double {
        if x <= 0 { return 0 }
        let rate = noncentrality / 2
        func term(_ j: Double) -> Double {
            let logWeight = rate == 0 ? (j == 0 ? 0 : -Double.infinity) : j * log(rate) - rate - lgamma(j + 1)
            return exp(logWeight + logLowerGamma(degrees / 2 + j, x / 2))
        }
        let mode = floor(rate)
        var sum = term(mode)
        var j = mode + 1
        while true {
            let next = term(j)
            sum += next
            // Later weights fall faster than a geometric series once they are past the mode by a standard deviation.
            if next <= sum * 1e-17, j > mode + rate.squareRoot() { break }
            j += 1
        }
        j = mode - 1
        while j >= 0 {
            let next = term(j)
            sum += next
            if next <= sum * 1e-17, j < mode - 10 * rate.squareRoot() { break }
            j -= 1
        }
        return min(1, sum)
    }

    /// ln P(a, x) of the regularised lower incomplete gamma function: series for x < a + 1, continued fraction above.
    static func logLowerGamma(_ a: Double, _ x: Double) -> Double {
        let logFront = a * log(x) - x - lgamma(a)
        if x < a + 1 {
            var term = 1 / a
            var sum = term
            var n = a
            while abs(term) > abs(sum) * 1e-16 {
                n += 1
                term *= x / n
                sum += term
            }
            return logFront + log(sum)
        }
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / b
        var fraction = d
        for i in 1...100_000 {
            let an = -Double(i) * (Double(i) - a)
            b += 2
            d = an * d + b
            if abs(d) < tiny { d = tiny }
            c = b + an / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            fraction *= d * c
            if abs(d * c - 1) < 1e-16 { break }
        }
        return log1p(-min(1, exp(logFront) * fraction))
    }
}
