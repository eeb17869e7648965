import RandomNumbers
import TensorFiles
import TestSupport
import Testing

@Suite struct SeededGeneratorTests {
    /// The first outputs for three seeds against xoshiro256** and SplitMix64 written in Python.
    @Test func bitsEqualAnIndependentImplementation() throws {
        let golden = try NpyArray(contentsOf: Fixtures.url("Tensors/xoshiro-3x16.npy").path)
        var bits: [Int64] = []
        for seed in [0, 1, UInt64.max] {
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<16 { bits.append(Int64(bitPattern: generator.next())) }
        }
        #expect(golden.elements == .int64(bits))
    }

    @Test func uniformsStayInTheirInterval() {
        var generator = SeededGenerator(seed: 3)
        var sum = 0.0
        let count = 100_000
        for _ in 0..<count {
            let value = generator.nextUniform()
            #expect(value > 0 && value <= 1)
            sum += value
        }
        // Five standard errors of the mean of uniform numbers, 1/√(12 n).
        #expect(abs(sum / Double(count) - 0.5) < 5 / (12 * Double(count)).squareRoot())
    }
}
