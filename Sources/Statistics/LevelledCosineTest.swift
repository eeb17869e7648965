import Foundation

/// The exact test of a sum of two parts that have nothing to do with a measurement: numbers that take a few evenly spaced
/// levels, and numbers that are isotropic. With weights u·wᵢ, wᵢ whole, of the first and a vector a of the second,
///
///     T = u Σ wᵢxᵢ + ⟨a,κ⟩,   xᵢ uniform on L levels from -1 to 1,   ⟨a,κ⟩ = ‖a‖‖κ‖ C,
///     P(T ≥ t) = Σ_s P(Σ wᵢxᵢ = s) P(C ≥ (t - us) / ‖a‖‖κ‖),
///
/// C distributed as in `CosineTest`. There are few sums s: their probabilities are counted out.
public struct LevelledCosineTest: Sendable {
    private let unit: Double
    /// (L - 1)Σ wᵢxᵢ in steps of 2, from the least.
    private let probabilities: [Double]
    private let span: Int
    private let levels: Int
    private let norm: Double
    private let dimension: Int

    /// - Parameters:
    ///   - weights: whole numbers; their signs do not matter.
    ///   - unit: u, positive.
    ///   - levels: L, at least 2.
    ///   - norm: ‖a‖‖κ‖; 0 where there are no isotropic numbers.
    ///   - dimension: how many of those.
    public init(weights: [Double], unit: Double, levels: Int, norm: Double, dimension: Int) {
        precondition(levels >= 2 && unit > 0 && norm >= 0, "\(levels) levels, unit \(unit), norm \(norm)")
        self.unit = unit
        self.levels = levels
        self.norm = norm
        self.dimension = dimension
        var sums = [1.0]
        for weight in weights.map({ Int(abs($0)) }) where weight > 0 {
            var next = [Double](repeating: 0, count: sums.count + weight * (levels - 1))
            for (place, probability) in sums.enumerated() where probability > 0 {
                for level in 0..<levels { next[place + level * weight] += probability / Double(levels) }
            }
            sums = next
        }
        probabilities = sums
        span = sums.count - 1
    }

    /// Natural logarithm of P(T ≥ t), or of P(|T| ≥ |t|) when two-sided.
    public func logPValue(sum: Double, twoSided: Bool = false) -> Double {
        precondition(!sum.isNaN, "a sum that is NaN")
        if twoSided { return min(0, log(2) + logTail(abs(sum))) }
        return logTail(sum)
    }

    private func logTail(_ sum: Double) -> Double {
        var logs: [Double] = []
        for (place, probability) in probabilities.enumerated() where probability > 0 {
            let rest = sum - unit * Double(2 * place - span) / Double(levels - 1)
            if norm > 0 {
                let cosine = rest / norm
                if cosine >= 1 { continue }
                logs.append(log(probability) + CosineTest.logPValue(cosine: max(cosine, -1), dimension: dimension))
            } else if rest <= 1e-9 * unit * Double(span + 1) {
                logs.append(log(probability))
            }
        }
        guard let largest = logs.max() else { return -.infinity }
        return min(0, largest + log(logs.reduce(0) { $0 + exp($1 - largest) }))
    }
}
