/// The regularised incomplete beta function I_x(a, b) = x^a (1-x)^b / (a B(a, b)) · fraction.
package enum IncompleteBeta {
    /// The continued fraction of I_x(a, b) (DLMF 8.17.22) by Lentz's method. It converges fast for
    /// x < (a + 1)/(a + b + 2); on the other side take I_x(a, b) = 1 - I_{1-x}(b, a).
    /// - Parameters:
    ///   - x: in [0, 1].
    ///   - a: above 0.
    ///   - b: above 0.
    package static func fraction(_ x: Double, a: Double, b: Double) -> Double {
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
