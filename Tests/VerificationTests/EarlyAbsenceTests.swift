import Attempts
import Marks
import Pictures
import KeyDocuments
import RingKeys
import Tensors
import TestSupport
import Testing
import Verdicts
import Verification

/// Images that are given up before all looks were taken.
@Suite struct EarlyAbsenceTests {
    private static let shape = VerifierTests.shape

    private func key(_ pattern: KeyGeometry.Pattern = .spread, channels: [Int] = [0, 1, 2]) throws -> RingKey {
        RingKey(
            name: pattern.rawValue,
            geometry: try KeyGeometry(pattern: pattern, radius: 8, channels: channels, latentShape: Self.shape),
            secret: try #require(Secret(hexadecimal: String(repeating: "5", count: 64))))
    }

    private func verdict(
        _ keys: [any MarkKey], _ noise: Tensor, limits: EarlyAbsence? = EarlyAbsence(),
        orientation: Orientation = .asStored
    ) throws -> Verdict {
        let set = KeySet(keys, searching: .upright)
        let routes = [Route(.none, steps: 0), Route(.none, steps: 2), Route(.none, steps: 3)]
        let verifier = try Verifier(
            recovery: NoiseRecovery(ToyModel(latentShape: Self.shape), settings: .init(routes: routes)),
            plan: Plan(routes: routes, searching: set.isSearched), keys: set,
            settings: .init(falsePositiveRate: 0.02, decoys: 0, earlyAbsence: limits), tool: "test",
            model: { .init(name: "toy", path: "-", digest: "0") })
        let views = verifier.plan.tryingBoth(orientation).views.count
        return try verifier.judge([
            Subject.toy([Tensor](repeating: noise, count: views), orientation: orientation)
        ])[0].verdict
    }

    private func noise(_ seed: UInt64) -> Tensor { Tensor(normal: Self.shape.tensorShape(), seed: seed) }

    @Test func whatPromisesNothingIsGivenUpAfterTheFirstSearch() throws {
        let key = try key()
        let early = try verdict([key], noise(2))
        #expect(early.verdict == .notWatermarked && early.looks.count == 2 && early.looksPlanned == 6)
        #expect(early.findings.map(\.code) == [.lookedLess] && early.findings[0].measured == 4)
        // The verdict rests on the plain look and its price, not on the search.
        #expect(early.look == 1 && early.hypotheses == 6)
        let thorough = try verdict([key], noise(2), limits: nil)
        #expect(thorough.looks.count == 6 && !thorough.findings.map(\.code).contains(.lookedLess))
    }

    @Test func whatPromisesSomethingGoesOn() throws {
        #expect(try verdict([try key()], noise(2), limits: EarlyAbsence(plain: 0.01, search: 1)).looks.count == 6)
        #expect(try verdict([try key()], noise(2), limits: EarlyAbsence(plain: 1, search: 0.1)).looks.count == 6)
    }

    /// A key of few numbers is not absent because the cheapest look saw nothing of it.
    @Test func aKeyThatTheLooksSoFarCouldHaveMissedKeepsThemGoing() throws {
        let verdict = try verdict([try key(), try key(.ring, channels: [0])], noise(2))
        #expect(verdict.looks.count == 6 && !verdict.findings.map(\.code).contains(.lookedLess))
    }

    @Test func bothOrientationsAreLookedAtFirst() throws {
        let verdict = try verdict([try key()], noise(2), orientation: .turnedRight)
        #expect(verdict.looksPlanned == 12 && verdict.looks.count == 8)
        #expect(Set(verdict.looks.map(\.view)).count == 4)
    }
}
