import Foundation

/// The exact test of agreeing signs with weights. If x₁ … xₙ are independent fair signs and have nothing to do with the whole
/// weights wᵢ ≥ 0, then
///
///     p = P(Σ wᵢxᵢ ≥ s),
///
/// whatever the weights are: with all of them 1 it is the tail of a binomial distribution. A measurement's signs are weighted
/// by how sure they are, its magnitudes rounded to a few levels, so that distribution and sum stay exact.
public struct WeightedSignTest: Sendable {
    /// T = Σ wᵢ(xᵢ + 1)/2 in steps of the weights' greatest common divisor.
    private let sum: LatticeSum
    private let divisor: Int
    /// Σ wᵢ.
    public let total: Int

    /// The distribution for some weights.
    /// - Parameter counts: how often each weight occurs, that of weight w at place w; those of weight 0 say nothing.
    public init(counts: [Int]) {
        precondition(counts.allSatisfy { $0 >= 0 }, "a negative number of weights among \(counts.count)")
        let present = counts.indices.filter { $0 > 0 && counts[$0] > 0 }
        let divisor = present.reduce(0, Self.greatestCommonDivisor)
        self.divisor = max(1, divisor)
        sum = LatticeSum(
            present.map { LatticeSum.Part(coinOf: Double($0 / divisor), count: Double(counts[$0])) })
        total = present.reduce(0) { $0 + $1 * counts[$1] }
    }

    /// The distribution for the magnitudes of whole numbers.
    /// - Parameter reading: signed weights.
    public init(weights reading: [Double]) {
        var counts = [Int](repeating: 0, count: 1 + Int(reading.reduce(0) { max($0, abs($1)) }))
        for weight in reading { counts[Int(abs(weight))] += 1 }
        self.init(counts: counts)
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }

    /// Natural logarithm of P(Σ wᵢxᵢ ≥ s), or of P(|Σ wᵢxᵢ| ≥ |s|) when two-sided, to 1e-9 relative in p.
    /// - Parameters:
    ///   - sum: s, from -`total` to `total`; a value that cannot occur stands for the next one above.
    ///   - twoSided: whether a sum of reversed sign counts too.
    public func logPValue(sum: Int, twoSided: Bool = false) -> Double {
        precondition(abs(sum) <= total, "a sum of \(sum) of weights of \(total)")
        if twoSided {
            return sum == 0 ? 0 : min(0, log(2) + logTail(abs(sum)))
        }
        if sum > 0 { return logTail(sum) }
        // P(S ≥ s) = 1 - P(S ≥ 1 - s).
        return 1 - sum > total ? 0 : log1p(-exp(logTail(1 - sum)))
    }

    /// ln P(S ≥ s) for s > 0.
    private func logTail(_ bound: Int) -> Double {
        sum.logTail(from: (bound + total + 2 * divisor - 1) / (2 * divisor))
    }
}
