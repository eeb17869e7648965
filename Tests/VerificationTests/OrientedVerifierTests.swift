import Attempts
import Foundation
import Marks
import Pictures
import KeyDocuments
import RingKeys
import Tensors
import TestSupport
import Testing
import Verdicts
import Verification

/// Images whose file carries an orientation: both are judged and paid for, and nobody else pays.
@Suite struct OrientedVerifierTests {
    private let shape = VerifierTests.shape
    private let routes = [Route(.none, steps: 0), Route(.none, steps: 1), Route(.none, steps: 2)]

    private func key() throws -> RingKey {
        RingKey(
            name: "ring",
            geometry: try KeyGeometry(pattern: .spread, radius: 8, channels: [0, 1, 2], latentShape: shape),
            secret: try #require(Secret(hexadecimal: String(repeating: "7", count: 64))))
    }

    private func judge(_ subjects: [Subject], makesAllAttempts: Bool = false) throws -> [Verdict] {
        try Verifier(
            recovery: NoiseRecovery(ToyModel(latentShape: shape), settings: .init(routes: routes)),
            plan: Plan(routes: routes), keys: KeySet([key()]),
            settings: .init(decoys: 50, makesAllAttempts: makesAllAttempts), tool: "test",
            model: { .init(name: "toy", path: "-", digest: "0") }
        ).judge(subjects).map(\.verdict)
    }

    private func noise(_ seed: UInt64, marked: Bool = false) throws -> Tensor {
        var noise = Tensor(normal: shape.tensorShape(), seed: seed)
        if marked { try key().embed(into: &noise) }
        return noise
    }

    @Test func theMarkIsFoundInEitherOrientationAndNamed() throws {
        let (marked, plain) = (try noise(1, marked: true), try noise(2))
        let verdicts = try judge([
            Subject.toy(plain, marked, orientation: .turnedRight), Subject.toy(marked, plain, orientation: .mirrored),
            Subject.toy(plain, plain, orientation: .turnedLeft),
        ])
        #expect(verdicts.map(\.verdict) == [.watermarked, .watermarked, .notWatermarked])
        #expect(verdicts.map(\.look) == [4, 1, 6] && verdicts.map(\.looks.count) == [4, 1, 6])
        #expect(verdicts.allSatisfy { $0.hypotheses == 6 })
        #expect(verdicts[0].looks.map(\.view) == [nil, nil, nil, "plain, orientation 6"])
        let findings = verdicts.map { $0.findings.filter { $0.code == .orientationTag } }
        #expect(findings.map { $0.map(\.measured) } == [[6], [2], [8]])
        let words = findings.compactMap(\.first?.message)
        #expect(words[0].contains("by 90° clockwise") && words[0].hasSuffix("found in the picture as it is shown"))
        #expect(words[1].contains("mirrored") && words[1].hasSuffix("found in the pixels as they are stored"))
        #expect(words[2].hasSuffix("both orientations were judged"))
    }

    /// Beside a tagged image, and with all attempts made.
    @Test func anImageWithoutATagKeepsItsPriceAndItsVerdict() throws {
        let marked = try noise(1, marked: true)
        let plain = try noise(3)
        for makesAllAttempts in [false, true] {
            let alone = try judge([Subject.toy(marked), Subject.toy(plain)], makesAllAttempts: makesAllAttempts)
            let beside = try judge(
                [
                    Subject.toy(noise(4), noise(5), orientation: .flipped), Subject.toy(marked),
                    Subject.toy(noise(6), noise(7), orientation: .transposed), Subject.toy(plain),
                ], makesAllAttempts: makesAllAttempts)
            for (one, other) in zip(alone, [beside[1], beside[3]]) {
                #expect(one.hypotheses == 3 && other.hypotheses == 3)
                #expect(one.log10P == other.log10P && one.looks == other.looks && one.findings == other.findings)
                #expect(other.looks.allSatisfy { $0.view == nil })
            }
        }
    }

    /// The second orientation doubles what p-values are multiplied by, and nothing else.
    @Test func theTagCostsAFactorOfTwo() throws {
        let marked = try noise(1, marked: true)
        let untagged = try judge([Subject.toy(marked)])[0]
        let tagged = try judge([Subject.toy(marked, noise(2), orientation: .turnedOver)])[0]
        let (one, two) = (try #require(untagged.log10P), try #require(tagged.log10P))
        #expect(abs(two - one - log10(2)) < 1e-9)
    }
}
