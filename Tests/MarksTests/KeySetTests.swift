import Foundation
import InputErrors
import Marks
import Tensors
import TestSupport
import Testing

/// The seam of marks with a toy scheme behind it.
@Suite struct KeySetTests {
    private let shape = LatentShape(channels: 2, height: 16, width: 16)

    private func noise(_ seed: UInt64, marked key: SignKey? = nil) -> Tensor {
        var noise = Tensor(normal: shape.tensorShape(), seed: seed)
        key?.embed(into: &noise)
        return noise
    }

    /// A family's key that counts the readers that are made of it.
    private struct CountedKey: MarkKey {
        final class Counter: @unchecked Sendable { var readers = 0 }

        let key: SignKey
        let counter: Counter
        var identity: KeyIdentity { key.identity }
        var created: String { key.created }
        var details: [KeyDetail] { key.details }
        var latentShape: LatentShape { key.latentShape }
        var family: KeyFamily { key.family }
        var numbers: [Double] { key.numbers }
        var reasonWithoutExactPValue: String? { key.reasonWithoutExactPValue }
        func embed(into noise: inout Tensor) { key.embed(into: &noise) }
        func data() throws -> Data { try key.data() }
        func makeReader() -> any MarkReader {
            counter.readers += 1
            return key.makeReader()
        }
    }

    @Test func theRightKeyOfManyMatches() throws {
        let keys = (1...5).map { SignKey(seed: $0, latentShape: shape) }
        let set = KeySet(keys)
        let matches = try set.match(noise(9, marked: keys[2]), twoSided: false)
        #expect(matches.map(\.key) == [0, 1, 2, 3, 4])
        #expect(matches[2].agreement == 1)
        #expect(abs(try #require(matches[2].log10PValue) + 200 * log10(2)) < 1e-9)
        for match in matches where match.key != 2 { #expect(try #require(match.log10PValue) > -4) }
    }

    @Test func keysOfAFamilyShareOneReader() throws {
        let counter = CountedKey.Counter()
        let family = (1...20).map { CountedKey(key: SignKey(seed: $0, latentShape: shape), counter: counter) }
        let other = CountedKey(key: SignKey(seed: 21, count: 50, latentShape: shape), counter: counter)
        let set = KeySet(family + [other])
        #expect(counter.readers == 2)
        let matches = try set.match(noise(1), twoSided: false)
        #expect(matches.map(\.dimension) == [Int](repeating: 200, count: 20) + [50])
        #expect(counter.readers == 2)
    }

    /// Each key's match is what it would be alone, whatever stands beside it.
    @Test func companyChangesNothing() throws {
        let keys = (1...4).map { SignKey(seed: $0, count: 100 + Int($0 % 2), latentShape: shape) }
        let noise = noise(3, marked: keys[1])
        let together = try KeySet(keys).match(noise, twoSided: true)
        for (place, key) in keys.enumerated() {
            let alone = try KeySet([key]).match(noise, twoSided: true)[0]
            #expect(alone.agreement == together[place].agreement && alone.logPValue == together[place].logPValue)
        }
    }

    @Test func aKeyThatWasNotDrawnAtRandomHasNoPValue() throws {
        let fixed = SignKey(seed: 1, latentShape: shape, reasonWithoutExactPValue: "written by hand")
        let match = try KeySet([fixed]).match(noise(1, marked: fixed), twoSided: false)[0]
        #expect(match.logPValue == nil && match.log10Corrected(hypotheses: 3) == nil && match.agreement == 0)
    }

    @Test func aKeyOfAnotherShapeIsRefusedByName() throws {
        let key = SignKey(seed: 1, latentShape: shape)
        let error = #expect(throws: InputError.self) {
            try KeySet([key], for: LatentShape(channels: 4, height: 16, width: 16))
        }
        #expect(error?.code == .keyMismatch && error?.subject == "key sign 1" && error?.found == "2x16x16")
    }

    /// The toy's p-values are uniform over keys, as every scheme's have to be: at most the nominal rate.
    @Test(arguments: [0.1, 0.01]) func pValuesAreUniformOverKeys(rate: Double) throws {
        let noise = noise(5)
        let count = 2000
        let set = KeySet((0..<count).map { SignKey(seed: UInt64($0), latentShape: shape) })
        let hits = try set.match(noise, twoSided: false).count { $0.logPValue.map { $0 <= log(rate) } ?? false }
        // Four standard deviations of a binomial above the rate.
        let expected = rate * Double(count)
        #expect(Double(hits) <= expected + 4 * (expected * (1 - rate)).squareRoot())
        #expect(hits > 0)
    }

    @Test func correctionMultipliesAndStopsAtOne() throws {
        let key = SignKey(seed: 1, latentShape: shape)
        let match = try KeySet([key]).match(noise(1, marked: key), twoSided: false)[0]
        let one = try #require(match.log10Corrected(hypotheses: 1))
        #expect(abs(try #require(match.log10Corrected(hypotheses: 1000)) - one - 3) < 1e-9)
        let weak = try KeySet([SignKey(seed: 2, latentShape: shape)]).match(noise(1, marked: key), twoSided: false)[0]
        #expect(weak.log10Corrected(hypotheses: 1e9) == 0)
    }
}
