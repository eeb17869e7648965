import Foundation
import Marks
import NullModels
import Tensors
import TestSupport
import Testing
import Verification

/// The decision alone: numbers in, an answer and findings out.
@Suite struct DecisionTests {
    private let shape = LatentShape(channels: 1, height: 16, width: 16)
    private let objection = NoiseLikeness.Objection(message: "too smooth", measured: 2, limit: 1)

    private func decide(
        _ keys: [SignKey], isFound: Bool = false, prospects: [(hypotheses: Int, ratio: Double)] = [(1, 1)],
        rate: Double = 1e-6, objection: NoiseLikeness.Objection? = nil
    ) throws -> Decision {
        let set = KeySet(keys)
        let matches = try set.match(Tensor(normal: shape.tensorShape(), seed: 1), twoSided: false)
        return Decision(
            isFound: isFound, matches: matches, keys: set,
            prospects: prospects.map { prospect in
                Decision.Prospect(
                    hypotheses: { _ in Double(prospect.hypotheses) },
                    signalToNoise: { _ in .init(ratio: prospect.ratio, images: 20) })
            }, rate: rate, objection: objection)
    }

    @Test func anAbsenceNeedsAKeyThatCouldHaveBeenFoundAndNoiseLikeNoise() throws {
        let strong = SignKey(seed: 1, latentShape: shape)
        let plain = try decide([strong])
        #expect(plain.answer == .notWatermarked && plain.findings.isEmpty)
        let unlike = try decide([strong], objection: objection)
        #expect(unlike.answer == .undecided && unlike.findings.map(\.code) == [.notNoiseLike])
        #expect(unlike.findings[0].measured == 2 && unlike.findings[0].limit == 1)
    }

    /// A key of few numbers cannot say no at a small rate; at a modest one it can.
    @Test func aShortKeyIsBlindAtASmallRate() throws {
        let short = SignKey(seed: 1, count: 12, latentShape: shape)
        let strict = try decide([short])
        #expect(strict.answer == .undecided && strict.findings.map(\.code) == [.keyCannotReachRate])
        #expect(strict.findings[0].limit == 1e-6)
        #expect(try decide([short], rate: 0.3).answer == .notWatermarked)
        // What is paid for other hypotheses counts.
        #expect(try decide([short], prospects: [(1000, 1)], rate: 0.3).answer == .undecided)
    }

    /// A mark that comes back with more noise is looked for in vain, whatever the key could do with less.
    @Test func aKeyIsBlindWhereItsMarkComesBackBadly() throws {
        let key = SignKey(seed: 1, latentShape: shape)
        #expect(try decide([key], prospects: [(1, 0.5)]).answer == .notWatermarked)
        let noisy = try decide([key], prospects: [(1, 0.01)])
        #expect(noisy.answer == .undecided && noisy.findings.map(\.code) == [.keyCannotReachRate])
        #expect(noisy.findings[0].message.contains("0.01 (measured from 20 marked images)"))
        // One attempt that would have found it is enough, and what is told is what the best could do.
        #expect(try decide([key], prospects: [(3, 0.5), (1, 0.01)]).answer == .notWatermarked)
        let both = try decide([key], prospects: [(1, 0.001), (1, 0.01)])
        #expect(both.findings[0].measured == noisy.findings[0].measured)
    }

    @Test func aMatchIsAMatchWhateverStandsInTheWayOfAnAbsence() throws {
        let keys = [
            SignKey(seed: 1, count: 12, latentShape: shape),
            SignKey(seed: 2, latentShape: shape, reasonWithoutExactPValue: "written by hand"),
        ]
        let found = try decide(keys, isFound: true, objection: objection)
        #expect(found.answer == .watermarked)
        #expect(found.findings.map(\.code) == [.keyCannotReachRate, .keyNotRandom, .notNoiseLike])
        #expect(found.findings[1].message.contains("written by hand"))
    }

    @Test func aKeyWithoutAPValueCannotBeAbsent() throws {
        let fixed = SignKey(seed: 2, latentShape: shape, reasonWithoutExactPValue: "written by hand")
        let decision = try decide([fixed])
        #expect(decision.answer == .undecided && decision.findings.map(\.code) == [.keyNotRandom])
    }
}
