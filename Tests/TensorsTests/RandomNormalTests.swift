import Foundation
import RandomNumbers
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct RandomNormalTests {
    /// Another libm may differ in the last place of Double, which can tip the rounding to Float: one place of Float.
    @Test func normalsEqualAnIndependentImplementation() throws {
        let golden = try Tensor(npy: fixture("normal-seed7-3x5x7.npy"))
        expectClose(Tensor(normal: [3, 5, 7], seed: 7), golden, relative: 0x1p-23)
    }

    @Test func oneSeedGivesOneSequence() {
        #expect(Tensor(normal: [3, 5], seed: 9).elements == Tensor(normal: [3, 5], seed: 9).elements)
        #expect(Tensor(normal: [3, 5], seed: 9).elements != Tensor(normal: [3, 5], seed: 10).elements)
        // An odd count ends inside a pair; what comes before does not change.
        #expect(Tensor(normal: [15], seed: 9).elements == Array(Tensor(normal: [16], seed: 9).elements.dropLast()))
        var generator = SeededGenerator(seed: 9)
        let first = Tensor(normal: [8], using: &generator)
        let second = Tensor(normal: [8], using: &generator)
        #expect(first.elements + second.elements == Tensor(normal: [16], seed: 9).elements)
    }

    /// The first four moments about 0, each within five standard errors 1/√n, √(2/n), √(15/n), √(96/n),
    /// and the correlation of neighbours within five of 1/√n.
    @Test(arguments: [1, 2, 3] as [UInt64]) func momentsAreGaussian(seed: UInt64) {
        let count = 400_000.0
        let values = Tensor(normal: [400_000], seed: seed).elements.map(Double.init)
        func moment(_ power: Double) -> Double { values.reduce(0) { $0 + pow($1, power) } / count }
        #expect(abs(moment(1)) < 5 / count.squareRoot())
        #expect(abs(moment(2) - 1) < 5 * (2 / count).squareRoot())
        #expect(abs(moment(3)) < 5 * (15 / count).squareRoot())
        #expect(abs(moment(4) - 3) < 5 * (96 / count).squareRoot())
        for lag in 1...3 {
            let products = zip(values, values.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(products / count) < 5 / count.squareRoot(), "lag \(lag)")
        }
    }

    /// The Kolmogorov-Smirnov distance to the normal distribution: √n·D exceeds 2.23 with probability 1e-4.
    @Test func distributionIsGaussian() {
        let values = Tensor(normal: [100_000], seed: 4).elements.map(Double.init).sorted()
        let count = Double(values.count)
        var distance = 0.0
        for (index, value) in values.enumerated() {
            let probability = 0.5 * erfc(-value / 2.0.squareRoot())
            distance = max(distance, probability - Double(index) / count, Double(index + 1) / count - probability)
        }
        #expect(distance * count.squareRoot() < 2.23)
    }
}
