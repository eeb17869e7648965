import Foundation

/// The exact distribution of a sum of independent variables that take whole values.
///
/// A tail P(T ≥ m) is taken from the distribution tilted by e^{λT}, λ such that its mean is m (Esscher 1932): there the tail is
/// no small number, and its probabilities come from the characteristic function by the trapezoid rule over a period, which is
/// exact where all values that matter fit into one:
///
///     P(T ≥ m) = M(λ) e^{-λm} · 1/N Σ_θ φ(θ) e^{-iθm} (1 - rⁿ)/(1 - r),   r = e^{-λ-iθ}, θ = 2πk/N,
///
/// φ the tilted characteristic function and n the number of values from m on.
public struct LatticeSum: Sendable {
    /// Some variables of one distribution.
    public struct Part: Sendable {
        /// From 0 on, ascending.
        let values: [Double]
        /// Natural logarithms.
        let logProbabilities: [Double]
        let count: Double

        /// - Parameters:
        ///   - probabilities: of the values 0, 1, 2 …, some of which may be 0; the sum is 1.
        ///   - count: how many such variables there are, at least 1.
        public init(probabilities: [Double], count: Int = 1) {
            let possible = probabilities.indices.filter { probabilities[$0] > 0 }
            precondition(!possible.isEmpty && count > 0, "\(count) variables of \(possible.count) values")
            values = possible.map(Double.init)
            logProbabilities = possible.map { log(probabilities[$0]) }
            self.count = Double(count)
        }

        /// A fair coin that counts a weight or nothing.
        init(coinOf weight: Double, count: Double) {
            values = [0, weight]
            logProbabilities = [-log(2), -log(2)]
            self.count = count
        }

        var largest: Double { values[values.count - 1] }

        /// ln M, and mean and variance of the tilted variable.
        func moments(_ tilt: Double) -> (logMoment: Double, mean: Double, variance: Double) {
            let (chances, logMoment) = chances(tilt)
            let mean = zip(values, chances).reduce(0) { $0 + $1.0 * $1.1 }
            let variance = zip(values, chances).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 }
            return (logMoment, mean, variance)
        }

        /// The tilted probabilities, and ln M.
        func chances(_ tilt: Double) -> ([Double], logMoment: Double) {
            let logs = zip(values, logProbabilities).map { tilt * $0 + $1 }
            let highest = logs.max() ?? 0
            let logMoment = highest + log(logs.reduce(0) { $0 + exp($1 - highest) })
            return (logs.map { exp($0 - logMoment) }, logMoment)
        }
    }

    private let parts: [Part]
    private let greatest: Double

    /// The sum of some variables, at least one.
    public init(_ parts: [Part]) {
        self.parts = parts
        greatest = parts.reduce(0) { $0 + $1.largest * $1.count }
    }

    /// The largest value.
    public var largest: Int { Int(greatest) }

    private func moments(_ tilt: Double) -> (logMoment: Double, mean: Double, variance: Double) {
        parts.reduce((0, 0, 0)) { sum, part in
            let own = part.moments(tilt)
            return (
                sum.0 + part.count * own.logMoment, sum.1 + part.count * own.mean, sum.2 + part.count * own.variance
            )
        }
    }

    /// Natural logarithm of P(T ≥ m), to 1e-9 relative for an m above the mean.
    public func logTail(from start: Int) -> Double {
        if start <= 0 { return 0 }
        let start = Double(start)
        if start > greatest { return -.infinity }
        if start == greatest { return parts.reduce(0) { $0 + $1.count * ($1.logProbabilities.last ?? 0) } }
        let tilt = tilt(mean: start)
        let (logMoment, _, variance) = moments(tilt)
        // Farther from its mean the tilted distribution has less than 1e-30 (Bernstein's inequality).
        let step = parts.reduce(0) { max($0, $1.largest) }
        let reach = (12 * variance.squareRoot() + 50 * step).rounded(.up)
        let (below, above) = (min(start, reach), min(greatest - start, reach))
        let sum = tiltedTail(tilt, from: start, terms: above + 1, period: below + above + 1)
        return min(0, logMoment - tilt * start + log(max(sum, .leastNonzeroMagnitude)))
    }

    /// λ at which the tilted mean is what it should be, by Newton's steps kept inside a bracket; 0 for a mean that is reached
    /// without.
    private func tilt(mean: Double) -> Double {
        if moments(0).mean >= mean { return 0 }
        var (low, high) = (0.0, 1.0)
        while high < 1e3, moments(high).mean < mean { high *= 2 }
        var tilt = high / 2
        for _ in 0..<100 {
            let own = moments(tilt)
            if own.mean < mean { low = tilt } else { high = tilt }
            let next = own.variance > 0 ? tilt + (mean - own.mean) / own.variance : .nan
            let step = next > low && next < high ? next : (low + high) / 2
            if abs(step - tilt) <= 1e-12 * tilt { break }
            tilt = step
        }
        return tilt
    }

    /// Σ_{t ≥ m} e^{-λ(t-m)} P_λ(T = t) by the trapezoid sum, whose one half is the conjugate of the other.
    private func tiltedTail(_ tilt: Double, from start: Double, terms: Double, period: Double) -> Double {
        let chances = parts.map { $0.chances(tilt).0 }
        let (decay, rest) = (exp(-tilt), exp(-tilt * terms))
        var sum = 0.0
        for node in 0...Int(period) / 2 {
            func angle(_ steps: Double) -> Double {
                2 * Double.pi * (steps * Double(node)).truncatingRemainder(dividingBy: period) / period
            }
            var (logMagnitude, phase) = (0.0, -angle(start))
            for (part, chances) in zip(parts, chances) {
                var (real, imaginary) = (0.0, 0.0)
                for (value, chance) in zip(part.values, chances) {
                    let turn = angle(value)
                    real += chance * cos(turn)
                    imaginary += chance * sin(turn)
                }
                logMagnitude += part.count * log(real * real + imaginary * imaginary) / 2
                phase += part.count * atan2(imaginary, real)
                if logMagnitude < -80 { break }
            }
            if !(logMagnitude >= -80) { continue }
            let (first, last) = (angle(1), angle(terms))
            let top = (1 - rest * cos(last), rest * sin(last))
            let bottom = (1 - decay * cos(first), decay * sin(first))
            let square = bottom.0 * bottom.0 + bottom.1 * bottom.1
            let geometric =
                square > 0
                ? (
                    (top.0 * bottom.0 + top.1 * bottom.1) / square, (top.1 * bottom.0 - top.0 * bottom.1) / square
                ) : (terms, 0)
            let value = exp(logMagnitude) * (cos(phase) * geometric.0 - sin(phase) * geometric.1)
            sum += node == 0 || 2 * Double(node) == period ? value : 2 * value
        }
        return sum / period
    }
}
