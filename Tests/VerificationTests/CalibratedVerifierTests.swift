import Attempts
import Foundation
import InputErrors
import Marks
import NullModels
import KeyDocuments
import RingKeys
import Tensors
import TestSupport
import Testing
import Verdicts
import Verification

/// When a calibration is used, and what the verdict says of it.
@Suite struct CalibratedVerifierTests {
    private static let shape = VerifierTests.shape

    /// Latents that share a picture.
    private static func latent(_ seed: UInt64, marked key: RingKey? = nil) -> Tensor {
        var noise = Tensor(normal: shape.tensorShape(), seed: seed)
        key?.embed(into: &noise)
        let picture = Tensor(
            (0..<shape.count).map { Float($0 % shape.width) / 16 - Float($0 / shape.planeCount) }, shape: noise.shape)
        return .combination((1, noise), (1, picture), (2, Tensor(normal: noise.shape, seed: seed + 10_000)))
    }

    private static func calibration(
        model: String = "0", guidance: Double = 1, recoveries: [MarkRecovery] = []
    ) throws -> Calibration {
        try Calibration(
            modelDigest: model, prompt: "", guidance: guidance, images: 40,
            nulls: ["none/0": NullModel(learningFrom: (0..<40).map { latent($0) })], recoveries: recoveries)
    }

    private func verdict(
        _ latent: Tensor, _ key: RingKey, _ calibration: Calibration?, routes: String = "none/0"
    ) throws -> Verdict {
        let routes = try Route.list(parsing: routes)
        let verifier = try Verifier(
            recovery: NoiseRecovery(ToyModel(latentShape: Self.shape), settings: .init(routes: routes)),
            plan: Plan(routes: routes), keys: KeySet([key]), settings: .init(decoys: 0), tool: "test",
            calibration: calibration, model: { .init(name: "toy", path: "-", digest: "0") })
        return try verifier.judge([Subject.toy(latent)])[0].verdict
    }

    private func key() throws -> RingKey {
        RingKey(
            name: "k",
            geometry: try KeyGeometry(pattern: .spread, radius: 8, channels: [0, 1, 2], latentShape: Self.shape),
            secret: try #require(Secret(hexadecimal: String(repeating: "7", count: 64))))
    }

    @Test func marksAreFoundBetterAndTheVerdictSaysWhy() throws {
        let key = try key()
        let calibration = try Self.calibration()
        let marked = Self.latent(500, marked: key)
        let plain = try verdict(marked, key, nil)
        let calibrated = try verdict(marked, key, calibration)
        #expect(plain.calibration == nil)
        #expect(calibrated.calibration == .init(digest: calibration.digest, images: 40))
        #expect(try #require(calibrated.log10P) < #require(plain.log10P) - 1)
        #expect(calibrated.findings.allSatisfy { $0.code != .calibrationNotUsed })
        // What people look at is the noise as it was recovered.
        #expect(calibrated.reference == plain.reference)
        let again = try JSONDecoder().decode(Verdict.self, from: JSONEncoder().encode(calibrated))
        #expect(again == calibrated)
    }

    /// Whether a key can be absent is judged by what was measured for its family and the route.
    @Test func anAbsenceRestsOnMeasuredMarks() throws {
        let key = try key()
        func blindness(_ ratio: Double, family: String, route: String = "none/0") throws -> Verdict.Finding? {
            let recovery = MarkRecovery(route: route, family: family, ratios: [Double](repeating: ratio, count: 20))
            let verdict = try verdict(Self.latent(502), key, Self.calibration(recoveries: [recovery]))
            return verdict.findings.first { $0.code == .keyCannotReachRate }
        }
        let family = "\(key.family)"
        #expect(try blindness(0.2, family: family) == nil)
        let weak = try #require(try blindness(0.001, family: family))
        #expect(weak.message.contains("0.001 (measured from 20 marked images)"), "\(weak.message)")
        for other in [
            try blindness(0.001, family: "ring another"), try blindness(0.001, family: family, route: "none/2"),
        ] {
            #expect(other?.message.contains("measured") != true, "\(other?.message ?? "")")
        }
    }

    /// Keys without an exact p-value are told apart by conformal ones, and the verdict says from how many images.
    @Test func keysThatWereNotDrawnAreRanked() throws {
        let routes = [Route(.none, steps: 0)]
        let keys = try [4, 5, 6].map {
            try RingKey(
                treeRing: .treeRingZeros, noise: Tensor(normal: Self.shape.tensorShape(), seed: 1), channel: 2,
                radius: 2 * $0, name: "zeros \($0)")
        }
        let readers = keys.map { RingReader($0.geometry) }
        func latent(_ seed: UInt64) -> Tensor { Tensor(normal: Self.shape.tensorShape(), seed: seed) }
        let null = (0..<60).map { latent($0) }
        let scores = try zip(keys, readers).map { key, reader in
            (key.id, try null.map { Float(try #require(reader.resemblance($0, reading: [], of: key))) })
        }
        let calibration = try Calibration(
            modelDigest: "0", prompt: "", guidance: 1, images: 60,
            nulls: ["none/0": NullModel(learningFrom: null)],
            scores: ["none/0": Dictionary(uniqueKeysWithValues: scores)])
        func verdict(_ latent: Tensor, rate: Double) throws -> Verdict {
            let verifier = try Verifier(
                recovery: NoiseRecovery(ToyModel(latentShape: Self.shape), settings: .init(routes: routes)),
                plan: Plan(routes: routes), keys: KeySet(keys), settings: .init(falsePositiveRate: rate, decoys: 100),
                tool: "test", calibration: calibration, model: { .init(name: "toy", path: "-", digest: "0") })
            return try verifier.judge([Subject.toy(latent)])[0].verdict
        }
        var marked = latent(700)
        keys[1].embed(into: &marked)
        let found = try verdict(marked, rate: 0.05)
        #expect(found.verdict == .watermarked && found.key.name == "zeros 5" && found.hypotheses == 3)
        #expect(abs(try #require(found.pValue) - 3.0 / 61) < 1e-12)
        #expect(found.nullImages == 60 && found.cosine == nil && found.decoyRank == nil && found.decoys == 0)
        #expect(found.scores.allSatisfy { $0.nullImages == 60 } && found.looks[0].cosine == nil)
        let absent = try verdict(latent(701), rate: 0.05)
        #expect(absent.verdict == .notWatermarked && absent.findings.isEmpty)
        // 3/61 is the smallest p-value that there can be.
        let strict = try verdict(marked, rate: 0.04)
        #expect(strict.verdict == .undecided)
        #expect(strict.findings.map(\.code) == [.keyCannotReachRate, .keyCannotReachRate, .keyCannotReachRate])
        #expect(strict.findings.allSatisfy { $0.message.contains("conformal, from 60 unmarked images") })
        #expect(abs(try #require(strict.findings[0].measured) - 3.0 / 61) < 1e-12)
    }

    @Test func anotherRouteIsJudgedWithout() throws {
        let key = try key()
        let latent = Self.latent(501)
        let plain = try verdict(latent, key, nil, routes: "none/2")
        let other = try verdict(latent, key, Self.calibration(), routes: "none/2")
        #expect(other.calibration == nil)
        #expect(other.log10P == plain.log10P)
        #expect(other.findings.map(\.code).contains(.calibrationNotUsed))
    }

    @Test func anotherModelsIsRefused() throws {
        let key = try key()
        func refuse(_ calibration: Calibration) throws {
            let error = #expect(throws: InputError.self) { try verdict(Self.latent(1), key, calibration) }
            #expect(error?.code == .calibrationMismatch)
        }
        try refuse(Self.calibration(model: "1"))
        let small = try Calibration(
            modelDigest: "0", prompt: "", guidance: 1, images: 16,
            nulls: ["none/0": NullModel(learningFrom: (0..<16).map { Tensor(normal: [1, 3, 8, 8], seed: $0) })])
        try refuse(small)
    }
}
