import DecoderInversion
import Diffusion
import Foundation
import Images
import RingKeys
import Tensors
import Testing
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

    private static func calibration(model: String = "0", guidance: Double = 1) throws -> Calibration {
        try Calibration(
            modelDigest: model, prompt: "", guidance: guidance, images: 40,
            nulls: ["none/0": NullModel(learningFrom: (0..<40).map { latent($0) })])
    }

    private func verdict(
        _ latent: Tensor, _ key: RingKey, _ calibration: Calibration?, looks: String = "none/0"
    ) throws -> Verdict {
        let schedule = NoiseSchedule(
            betas: NoiseSchedule.betas(.scaledLinear, from: 0.00085, to: 0.012, count: 1000), spacing: .leading,
            stepsOffset: 1, setsAlphaToOne: false)
        let verifier = try Verifier(
            recovery: NoiseRecovery(
                autoencoder: IdentityAutoencoder(), predictor: SilentPredictor(), textEncoder: nil, schedule: schedule,
                settings: .init(looks: Look.list(parsing: looks))),
            detectors: [KeyDetector(key)], settings: .init(decoys: 0), tool: "test", calibration: calibration,
            model: { .init(name: "identity", path: "-", digest: "0") })
        let subject = Subject(
            path: "x.png", sha256: "0", bytes: 1,
            image: RGBImage(width: 32, height: 32, pixels: [UInt8](repeating: 0, count: 3072)), pixels: latent,
            seconds: 0)
        return try verifier.judge([subject])[0].verdict
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

    @Test func anotherWayBackIsJudgedWithout() throws {
        let key = try key()
        let latent = Self.latent(501)
        let plain = try verdict(latent, key, nil, looks: "none/2")
        let other = try verdict(latent, key, Self.calibration(), looks: "none/2")
        #expect(other.calibration == nil)
        #expect(other.log10P == plain.log10P)
        #expect(other.findings.map(\.code).contains(.calibrationNotUsed))
    }

    @Test func anotherModelsIsRefused() throws {
        let key = try key()
        #expect(throws: InputError.self) { try verdict(Self.latent(1), key, Self.calibration(model: "1")) }
        let small = try Calibration(
            modelDigest: "0", prompt: "", guidance: 1, images: 16,
            nulls: ["none/0": NullModel(learningFrom: (0..<16).map { Tensor(normal: [1, 3, 8, 8], seed: $0) })])
        #expect(throws: InputError.self) { try verdict(Self.latent(1), key, small) }
    }
}
