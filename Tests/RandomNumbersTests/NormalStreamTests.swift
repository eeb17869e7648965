import Foundation
import RandomNumbers
import Testing

@Suite struct NormalStreamTests {
    /// Against the normal distribution: moments, and the share beyond each of many points.
    @Test func streamIsNormal() {
        var stream = NormalStream(seed: 3)
        let count = 2_000_000
        let values = stream.next(count)
        var moments = [0.0, 0, 0, 0]
        for value in values {
            var power = 1.0
            for k in 0..<4 {
                power *= value
                moments[k] += power / Double(count)
            }
        }
        // Five standard errors: of the k-th moment √(E z^2k - (E z^k)²) / √n.
        for (moment, (expected, deviation)) in zip(moments, [(0.0, 1.0), (1, 1.4142), (0, 3.873), (3, 9.798)]) {
            #expect(abs(moment - expected) < 5 * deviation / Double(count).squareRoot(), "\(moments)")
        }
        for point in stride(from: -4.5, through: 4.5, by: 0.25) {
            let share = erfc(point / 2.0.squareRoot()) / 2
            let expected = share * Double(count)
            let found = Double(values.count { $0 > point })
            #expect(
                abs(found - expected) < 5 * (expected * (1 - share)).squareRoot() + 3,
                "\(found) above \(point), expected \(expected)")
        }
        // Neighbours have nothing to do with each other, nor have their squares.
        let product = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
        #expect(abs(product) < 5 / Double(count).squareRoot())
    }

    @Test func oneSeedGivesOneSequence() {
        var (first, second, other) = (NormalStream(seed: 9), NormalStream(seed: 9), NormalStream(seed: 10))
        let numbers = first.next(5) + first.next(3)
        #expect(numbers == second.next(8))
        #expect(numbers != other.next(8))
    }
}
