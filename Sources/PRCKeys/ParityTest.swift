import Foundation
import Statistics

/// The exact test of parity checks. Over pads the parities of checks that are linearly independent are independent fair
/// coins, whatever the latent is; they are weighted by how sure its elements are.
package struct ParityTest {
    /// Of the independent checks, `weight` elements each.
    private let elements: [Int32]
    private let weight: Int
    private let reliability: Reliability

    /// The correlation of noise and mark that weights are best for.
    private static let correlation = 0.5
    /// Weights for one root mean square of what the checks say, and the largest.
    private static let (unit, largest) = (8.0, 63)

    /// A test of a code's independent checks.
    package init(_ code: PRCCode) {
        weight = code.geometry.checkWeight
        elements = code.independentChecks.flatMap {
            code.checks[$0 * code.geometry.checkWeight..<($0 + 1) * code.geometry.checkWeight]
        }
        reliability = Reliability(Self.correlation, code.geometry)
    }

    /// Natural logarithm of the chance of parities that agree as well.
    /// - Parameters:
    ///   - reading: elements of unit variance.
    ///   - pad: ±1 for each.
    package func logPValue(_ reading: [Double], _ pad: [Double]) -> Double {
        let signs = reading.map(reliability.sign)
        var odds: [Double] = []
        var parities: [Bool] = []
        for start in stride(from: 0, to: elements.count, by: weight) {
            var (product, turns) = (1.0, 1.0)
            for place in start..<start + weight {
                product *= signs[Int(elements[place])]
                turns *= pad[Int(elements[place])]
            }
            odds.append(2 * atanh(abs(product)))
            parities.append((product > 0) == (turns > 0))
        }
        let square = odds.reduce(0) { $0 + $1 * $1 } / Double(max(1, odds.count))
        guard square > 0 else { return 0 }
        let scale = Self.unit / square.squareRoot()
        var counts = [Int](repeating: 0, count: Self.largest + 1)
        var sum = 0
        for (odds, isEven) in zip(odds, parities) {
            let weight = min(Self.largest, Int((odds * scale).rounded()))
            counts[weight] += 1
            sum += isEven ? weight : -weight
        }
        return WeightedSignTest(counts: counts).logPValue(sum: sum)
    }
}
