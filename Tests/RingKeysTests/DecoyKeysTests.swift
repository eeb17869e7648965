import Foundation
import Marks
import RandomNumbers
import RingKeys
import Statistics
import Tensors
import TestSupport
import Testing

@Suite struct DecoyKeysTests {
    /// Cosines of decoys have the distribution that the exact test says, and so has the rank.
    @Test(arguments: [3, 11, 348])
    func decoysFollowTheExactTest(dimension: Int) throws {
        var generator = SeededGenerator(seed: 5)
        let statistic = (0..<dimension).map { _ in generator.nextNormalPair().0 * 3 }
        let cosines = try #require(DecoyKeys(dimension: dimension, count: 20_000).cosines([statistic]).first)
        #expect(cosines.count == 20_000)
        for level in [0.5, 0.1, 0.01, 0.001] {
            let found = cosines.count {
                exp(CosineTest.logPValue(cosine: Double($0), dimension: dimension)) < level
            }
            let expected = level * 20_000
            #expect(abs(Double(found) - expected) < 4 * expected.squareRoot() + 2, "\(found) below \(level)")
        }
    }

    @Test func sameSeedSameDecoysWhateverIsScoredBeside() {
        let first = [0.5, -1, 2, 0.1, 7, -3, 0.2, 1, 9]
        let second = [1.0, 1, 1, 1, 1, 1, 1, 1, -1]
        let decoys = DecoyKeys(dimension: 9, count: 100, seed: 4)
        let alone = decoys.cosines([first])
        let both = decoys.cosines([second, first])
        #expect(alone[0] == both[1])
        #expect(DecoyKeys(dimension: 9, count: 100, seed: 5).cosines([first])[0] != alone[0])
        // The scale of a measurement does not matter beyond rounding.
        expectClose(decoys.cosines([first.map { $0 * 8 }])[0], alone[0], absolute: 1e-6)
        #expect(decoys.cosines([]).isEmpty)
    }

    /// Decoys beyond those that are kept in memory are as good and as repeatable as the kept ones.
    @Test func manyAreDrawnAnew() throws {
        var generator = SeededGenerator(seed: 6)
        let statistic = (0..<8000).map { _ in generator.nextNormalPair().0 }
        let few = DecoyKeys(dimension: 8000, count: 50)
        let many = DecoyKeys(dimension: 8000, count: 3000)
        let cosines = many.cosines([statistic])[0]
        #expect(cosines.count == 3000 && Set(cosines).count > 2990)
        #expect(Array(cosines.prefix(50)) == few.cosines([statistic])[0])
        #expect(many.cosines([statistic])[0] == cosines)
        #expect(DecoyKeys(dimension: 8000, count: 3000, memory: 0).cosines([statistic])[0] == cosines)
        // 64 MiB hold 2097 of them. Variance 1/8000, standard error of the mean square of 900: 4.7 %.
        let variance = cosines.suffix(900).reduce(0) { $0 + Double($1) * Double($1) } / 900
        #expect(abs(variance * 8000 - 1) < 5 * 0.047, "\(variance * 8000)")
    }

    @Test func rank() {
        let cosines: [Float] = [0.1, -0.5, 0.3, 0.25]
        #expect(DecoyKeys.rank(of: 0.9, among: cosines, twoSided: false) == 1)
        #expect(DecoyKeys.rank(of: 0.2, among: cosines, twoSided: false) == 3)
        #expect(DecoyKeys.rank(of: 0.2, among: cosines, twoSided: true) == 4)
        #expect(DecoyKeys.rank(of: -0.6, among: cosines, twoSided: false) == 5)
        #expect(DecoyKeys.rank(of: -0.6, among: cosines, twoSided: true) == 1)
        // A tie is not better than the decoy.
        #expect(DecoyKeys.rank(of: 0.25, among: cosines, twoSided: false) == 3)
    }

    /// The true key is ahead of all decoys where p is far below 1/10,000, and anywhere among them on clean noise.
    @Test func trueKeyIsFirst() throws {
        let key = try NativeFixtures.key(.spread)
        let reader = RingReader(key.geometry)
        let marked = try reader.read(NativeFixtures.recovered(key, snr: 0.2, seed: 1))
        let cosines = DecoyKeys(dimension: reader.dimension, count: 2000).cosines([marked])
        #expect(DecoyKeys.rank(of: reader.agreement(marked, key.numbers), among: cosines[0], twoSided: true) == 1)
        let decoys = DecoyKeys(dimension: reader.dimension, count: 500)
        let ranks = try (0..<40).map { seed in
            let clean = try reader.read(
                Tensor(normal: key.geometry.latentShape.tensorShape(), seed: 700 + UInt64(seed)))
            return DecoyKeys.rank(
                of: reader.agreement(clean, key.numbers), among: decoys.cosines([clean])[0], twoSided: false)
        }
        // Uniform on 1 ... 501: mean 251, standard error 23.
        let mean = Double(ranks.reduce(0, +)) / 40
        #expect(abs(mean - 251) < 4 * 23, "\(mean)")
        #expect(Set(ranks).count > 20)
    }
}
