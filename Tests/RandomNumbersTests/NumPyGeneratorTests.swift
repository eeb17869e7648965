import Foundation
import RandomNumbers
import TestSupport
import Testing

/// Generators of others against their own numbers (Tests/Fixtures/RandomNumbers/make_numpy.py).
@Suite struct NumPyGeneratorTests {
    private struct Golden: Decodable {
        struct Legacy: Decodable {
            let seed: UInt32
            let uniform: [Double]
            let normals: [Double]
            let permutation: [Int]
            let choice: [Int]
            let bernoulli: [Int]
            let after: Double
        }
        struct Python: Decodable {
            let seed: UInt64
            let bytes: [UInt8]
        }
        struct Default: Decodable {
            let seed: UInt64
            let words: [String]
            let bits: [UInt8]
        }
        struct Coins: Decodable {
            let seed: UInt64
            let bits: [UInt8]
        }
        let legacy: [Legacy]
        let python: [Python]
        let `default`: [Default]
        let coins: [Coins]
    }

    private let golden: Golden

    init() throws {
        golden = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: Fixtures.url("RandomNumbers/numpy.json")))
    }

    @Test func theLegacyGeneratorIsNumPys() {
        #expect(golden.legacy.count == 3)
        for golden in golden.legacy {
            var generator = NumPyLegacyGenerator(seed: golden.seed)
            #expect((0..<5).map { _ in generator.uniform() } == golden.uniform)
            expectClose(generator.normals(7), golden.normals, absolute: 1e-14)
            #expect(generator.permutation(33) == golden.permutation)
            var order: [Int] = []
            var other = generator
            #expect(generator.choice(4, of: 1000, order: &order) == golden.choice)
            #expect(other.choice(4, of: 1000) == golden.choice)
            var rest = generator
            #expect(other.uniform() == rest.uniform())
            #expect(generator.bernoulli(40, probability: 0.23).map { $0 ? 1 : 0 } == golden.bernoulli)
            #expect(generator.uniform() == golden.after)
        }
    }

    @Test func aRoomThatWasUsedDoesNotChangeAChoice() {
        var (first, second) = (NumPyLegacyGenerator(seed: 3), NumPyLegacyGenerator(seed: 3))
        var (fresh, used) = ([Int](), [9, 9, 9, 9, 9, 9, 9, 9, 9, 9])
        #expect(first.choice(3, of: 10, order: &fresh) == second.choice(3, of: 10, order: &used))
        #expect(first.choice(3, of: 11, order: &fresh) == second.choice(3, of: 11, order: &used))
    }

    @Test func pythonsBytesArePythons() {
        for golden in golden.python {
            var generator = PythonGenerator(seed: golden.seed)
            #expect(generator.bytes(golden.bytes.count) == golden.bytes)
        }
    }

    @Test func theDefaultGeneratorIsNumPys() {
        for golden in golden.default {
            var generator = PCG64(seed: golden.seed)
            #expect((0..<5).map { _ in "\(generator.next() as UInt64)" } == golden.words)
            var other = PCG64(seed: golden.seed)
            #expect(other.bits(golden.bits.count) == golden.bits)
        }
    }

    @Test func coinsArePyTorchs() {
        for golden in golden.coins {
            #expect(TorchNumbers.bits(golden.bits.count, seed: golden.seed, device: .cpu) == golden.bits)
        }
        let words = (0..<20).map { Philox(seed: 42)(SIMD4(0, 0, UInt32($0), 0))[0] }
        #expect(
            TorchNumbers.bits(20, seed: 42, device: .cuda(threads: 64)) == words.map { UInt8($0 & 1) })
    }
}
