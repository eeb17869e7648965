import Foundation
import Statistics
import Testing

@Suite struct LatticeSumTests {
    /// Against convolution, value by value, where nothing is small.
    @Test func tailsAreThoseOfTheConvolution() {
        let die = [0, 0.1, 0.3, 0, 0.25, 0.35]
        let other = [0.5, 0, 0, 0, 0, 0, 0, 0.5]
        let sum = LatticeSum([.init(probabilities: die, count: 9), .init(probabilities: other, count: 4)])
        var chances = [1.0]
        for own in Array(repeating: die, count: 9) + Array(repeating: other, count: 4) {
            var next = [Double](repeating: 0, count: chances.count + own.count - 1)
            for (i, a) in chances.enumerated() { for (j, b) in own.enumerated() { next[i + j] += a * b } }
            chances = next
        }
        #expect(sum.largest == chances.count - 1)
        for start in 0...sum.largest {
            let expected = chances[start...].reduce(0, +)
            #expect(abs(exp(sum.logTail(from: start)) - expected) < 1e-9 * max(expected, 1e-4), "\(start)")
        }
        #expect(sum.logTail(from: sum.largest + 1) == -.infinity)
    }

    /// Far out a tail keeps its digits: all nine at the highest value but one.
    @Test func smallTailsKeepTheirDigits() {
        let sum = LatticeSum([.init(probabilities: [1 - 1e-6, 1e-6], count: 200)])
        // P(T ≥ 199) = p^200 + 200 p^199 (1 - p)
        let expected = 199 * log(1e-6) + log(1e-6 + 200 * (1 - 1e-6))
        #expect(abs(sum.logTail(from: 199) - expected) < 1e-8)
    }
}
