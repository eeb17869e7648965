import Attempts
import Foundation
import InputErrors
import Marks
import Models
import KeyDocuments
import RingKeys
import Statistics
import Tensors
import TestSupport
import Testing
import Verdicts
import Verification

/// The rules by which evidence becomes a verdict, on a chain that recovers the noise as it is.
@Suite struct VerifierTests {
    static let shape = LatentShape(channels: 3, height: 32, width: 32)

    private func key(
        _ pattern: KeyGeometry.Pattern = .spread, radius: Double = 8, channels: [Int] = [0, 1, 2], secret: String = "1"
    ) throws -> RingKey {
        let digits = String(repeating: secret, count: 64)
        return RingKey(
            name: "\(pattern.rawValue)-\(secret)",
            geometry: try KeyGeometry(pattern: pattern, radius: radius, channels: channels, latentShape: Self.shape),
            secret: try #require(Secret(hexadecimal: digits)))
    }

    private func verifier(
        _ keys: [RingKey], autoencoder: any Autoencoder = IdentityAutoencoder(latentShape: shape),
        settings: Verifier.Settings = .init(decoys: 200), routes: [Route] = [Route(.none, steps: 0)]
    ) throws -> Verifier {
        var model = ToyModel(latentShape: Self.shape)
        model.autoencoder = autoencoder
        return try Verifier(
            recovery: NoiseRecovery(model, settings: .init(routes: routes)), plan: Plan(routes: routes),
            keys: KeySet(keys), settings: settings, tool: "test",
            model: { .init(name: "toy", path: "-", digest: "0") })
    }

    private func noise(seed: UInt64, marked key: RingKey? = nil) -> Tensor {
        var noise = Tensor(normal: Self.shape.tensorShape(), seed: seed)
        key?.embed(into: &noise)
        return noise
    }

    private func subject(_ pixels: Tensor) -> Subject { Subject.toy(pixels) }

    @Test func markedNoiseIsFoundAndPlainNoiseIsNot() throws {
        let key = try key()
        let verdicts = try verifier([key]).judge([subject(noise(seed: 1, marked: key)), subject(noise(seed: 2))])
            .map(\.verdict)
        #expect(verdicts.map(\.verdict) == [.watermarked, .notWatermarked])
        // Self-whitening evens out white noise, too, and halves the axes' power.
        #expect(verdicts[0].cosine ?? 0 > 0.97)
        #expect(verdicts[0].decoyRank == 1)
        #expect(verdicts[1].pValue ?? 0 > 1e-3)
        #expect(verdicts.allSatisfy { $0.findings.isEmpty })
    }

    /// Noise that was kept is known again beside the key, exactly; a copy of the key in other noise is not.
    @Test func noiseThatWasKeptIsHeldAgainstTheRest() throws {
        let key = try key()
        let kept = (0..<3).map { StartingNoise(name: "z\($0).npy", noise: noise(seed: $0, marked: key)) }
        let settings = Verifier.Settings(decoys: 0, startingNoises: kept)
        let verdicts = try verifier([key], settings: settings).judge([
            subject(noise(seed: 2, marked: key)), subject(noise(seed: 9, marked: key)), subject(noise(seed: 9)),
        ]).map(\.verdict)
        let own = try #require(verdicts[0].startingNoise)
        #expect(own.file == "z2.npy" && own.tried == 3 && own.log10P < -300 && own.cosine > 0.9)
        #expect(verdicts[0].findings.map(\.code) == [.sharesNoise])
        #expect(verdicts[1].verdict == .watermarked && verdicts[1].findings.map(\.code) == [.noiseDisagrees])
        #expect(verdicts[2].verdict == .notWatermarked && verdicts[2].findings.isEmpty)
        #expect(try #require(verdicts[2].startingNoise).pValue > 1e-3)
        // What is left has no direction of the key.
        let cells = try #require(key.makeReader().free(kept[0].noise, isEvened: false))
        #expect(own.dimension == cells.dimension && cells.dimension == 3 * 1024 - key.numbers.count)
        let taken = zip(kept[0].noise.elements, cells.values.elements).map { $0 - $1 }
        #expect(abs(cosine(taken.map(Double.init), cells.values.elements.map(Double.init))) < 1e-5)
        let again = try #require(key.makeReader().free(cells.values, isEvened: false))
        #expect(zip(again.values.elements, cells.values.elements).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    /// P(p ≤ x) over noises that have nothing to do with the image, whatever that shows.
    @Test func theTestOfKeptNoiseIsExact() throws {
        let key = try key()
        let reader = key.makeReader()
        let boxes = Tensor(
            (0..<Self.shape.count).map { $0 / 5 % 7 < 3 ? 1 : -0.5 }, shape: Self.shape.tensorShape())
        let measured = try #require(reader.free(boxes, isEvened: true))
        let count = 2000
        let pValues = try (0..<count).map { seed -> Double in
            let other = try #require(reader.free(noise(seed: UInt64(seed), marked: key), isEvened: false))
            let agreement = cosine(measured.values.elements.map(Double.init), other.values.elements.map(Double.init))
            return exp(CosineTest.logPValue(cosine: agreement, dimension: measured.dimension))
        }
        for level in [0.1, 0.01] {
            let found = Double(pValues.count { $0 <= level })
            #expect(
                abs(found - Double(count) * level) < 4 * (Double(count) * level).squareRoot(), "\(found) at \(level)")
        }
    }

    /// Found images have sketches, by which two of one noise find each other.
    @Test func sketchesKnowOneNoiseFromAnother() throws {
        let key = try key()
        func sketch(_ seed: UInt64, _ error: Float) throws -> NoiseSketch? {
            let other = noise(seed: seed + 1000)
            let image = Tensor(
                zip(noise(seed: seed, marked: key).elements, other.elements).map { $0 + error * $1 },
                shape: other.shape)
            return try verifier([key]).judge([subject(image)])[0].verdict.noiseSketch
        }
        let first = try #require(try sketch(1, 0.3))
        #expect(first.correlation(with: try #require(try sketch(1, 0.6))) > 0.6)
        for seed in UInt64(2)..<12 {
            #expect(abs(first.correlation(with: try #require(try sketch(seed, 0.3)))) < 0.2)
        }
        #expect(try sketch(1, 30) == nil, "no key, no sketch")
        let document = try JSONEncoder().encode(first)
        #expect(try JSONDecoder().decode(NoiseSketch.self, from: document) == first)
    }

    @Test func severalKeysArePaidForAndTheRightOneIsNamed() throws {
        let keys = try ["1", "2", "3"].map { try key(secret: $0) }
        let plain = subject(noise(seed: 4))
        let alone = try keys.map { try verifier([$0]).judge([plain])[0].verdict }
        let together = try verifier(keys).judge([plain])[0].verdict
        #expect(together.hypotheses == 3)
        let best = try #require(alone.compactMap(\.pValue).min())
        #expect(abs(try #require(together.pValue) - min(1, 3 * best)) < 1e-12)
        let found = try verifier(keys).judge([subject(noise(seed: 5, marked: keys[1]))])[0].verdict
        #expect(found.verdict == .watermarked)
        #expect(found.key.id == keys[1].id)
        #expect(found.scores.count == 3)
    }

    /// A match of reversed sign is an absence one-sided and a match two-sided.
    @Test func reversedSign() throws {
        let key = try key()
        let reversed = subject(-1 * noise(seed: 1, marked: key))
        #expect(try verifier([key]).judge([reversed])[0].verdict.verdict == .notWatermarked)
        let twoSided = try verifier([key], settings: .init(twoSided: true, decoys: 200)).judge([reversed])[0].verdict
        #expect(twoSided.verdict == .watermarked)
        #expect(twoSided.decoyRank == 1)
    }

    @Test func aKeyOfFewNumbersCannotSayNo() throws {
        let weak = try key(.ring, radius: 3, channels: [0])
        let verdict = try verifier([weak]).judge([subject(noise(seed: 3))])[0].verdict
        #expect(verdict.verdict == .undecided)
        #expect(verdict.findings.map(\.code) == [.keyCannotReachRate])
        // At a rate that it can reach, it can.
        let modest = try verifier([weak], settings: .init(falsePositiveRate: 0.49, decoys: 0))
            .judge([subject(noise(seed: 3))])[0].verdict
        #expect(modest.verdict == .notWatermarked)
        #expect(modest.decoyRank == nil)
        // Of one that was found nobody asks whether it could have been.
        let found = try verifier([weak], settings: .init(falsePositiveRate: 0.05, decoys: 0))
            .judge([subject(noise(seed: 3, marked: weak))])[0].verdict
        #expect(found.verdict == .watermarked && found.findings.isEmpty)
    }

    /// Two keys of one geometry: the one whose numbers reach the rate can be absent, the other cannot.
    @Test func aKeyIsJudgedByItsOwnNumbers() throws {
        let keys = try (0..<16).map { try key(.ring, channels: [0], secret: String($0, radix: 16)) }
        let reader = keys[0].makeReader()
        let ratio = reader.assumedSignalToNoise(diffusionSteps: 0)
        let reaches = keys.map { pow(10, reader.log10MedianPValue(of: $0.numbers, signalToNoise: ratio)) }
        let (least, most) = (try #require(reaches.min()), try #require(reaches.max()))
        for (key, reach) in zip(keys, reaches) where reach == least || reach == most {
            let settings = Verifier.Settings(falsePositiveRate: (least * most).squareRoot(), decoys: 0)
            let verdict = try verifier([key], settings: settings).judge([subject(noise(seed: 3))])[0].verdict
            #expect(verdict.verdict == (reach == least ? .notWatermarked : .undecided))
        }
    }

    /// Pictures in the place of noise: an absence means nothing, a match still does.
    @Test func whatDoesNotLookLikeNoiseIsUndecided() throws {
        let key = try key(radius: 12)
        let smooth = Tensor(shape: Self.shape.tensorShape()) { target in
            for i in target.indices { target.initializeElement(at: i, to: Float(sin(Double(i % 32) / 5))) }
        }
        let steps = [Route(.none, steps: 1)]
        let verdict = try verifier([key], routes: steps).judge([subject(smooth)])[0].verdict
        #expect(verdict.verdict == .undecided)
        #expect(verdict.findings.map(\.code) == [.notNoiseLike])
        let loud = 5 * noise(seed: 1, marked: key)
        let found = try verifier([key], routes: steps).judge([subject(loud)])[0].verdict
        #expect(found.verdict == .watermarked)
        #expect(found.findings.map(\.code) == [.notNoiseLike])
        // A clean latent is a picture, and of several attempts the last with steps is judged.
        let clean = try verifier([key]).judge([subject(smooth)])[0].verdict
        #expect(clean.verdict == .notWatermarked && clean.findings.isEmpty)
        let both = try verifier([key], routes: steps + [Route(.none, steps: 0)]).judge([subject(smooth)])[0].verdict
        #expect(both.verdict == .undecided && both.findings.map(\.code) == [.notNoiseLike])
    }

    @Test func nothingAtAllIsAnError() throws {
        let error = #expect(throws: InputError.self) {
            try verifier([key()]).judge([subject(Tensor(zeros: Self.shape.tensorShape()))])
        }
        #expect(error?.code == .notFinite && error?.found == "zeros everywhere")
    }

    @Test func aNaNIsAnError() throws {
        let error = #expect(throws: InputError.self) {
            try verifier([key()], autoencoder: BrokenAutoencoder(latentShape: Self.shape)).judge([
                subject(noise(seed: 1))
            ])
        }
        #expect(error?.code == .notFinite && error?.subject == "encoder")
    }

    @Test func aKeyOfAnotherShapeIsRefused() throws {
        let other = RingKey(
            name: "other",
            geometry: try KeyGeometry(
                pattern: .spread, radius: 8, channels: [0], latentShape: LatentShape(channels: 4, height: 64, width: 64)
            ))
        let error = #expect(throws: InputError.self) { try verifier([other]) }
        #expect(error?.code == .keyMismatch)
    }

    /// An image is done at the attempt that decides; the other goes on, and both pay for the attempts that were planned.
    @Test func attemptsAreMadeUntilOneDecides() throws {
        let key = try key()
        let routes = try Route.list(parsing: "none/0,none/1,none/2")
        let subjects = [noise(seed: 1, marked: key), noise(seed: 2)].map(subject)
        let verdicts = try verifier([key], routes: routes).judge(subjects).map(\.verdict)
        #expect(verdicts.map(\.look) == [1, 3])
        #expect(verdicts.map(\.looks.count) == [1, 3])
        #expect(verdicts.map(\.hypotheses) == [3, 3])
        #expect(verdicts[1].looks.map(\.steps) == [0, 1, 2])
        let single = try verifier([key]).judge([subjects[0]])[0].verdict
        #expect(abs(try #require(verdicts[0].log10P) - (try #require(single.log10P)) - log10(3)) < 1e-9)
        let all = try verifier([key], settings: .init(decoys: 0, makesAllAttempts: true), routes: routes)
            .judge(subjects).map(\.verdict)
        #expect(all.map(\.looks.count) == [3, 3])
        #expect(all.map(\.verdict) == verdicts.map(\.verdict))
        #expect(all[0].log10P == all[0].looks.compactMap(\.log10P).min())
        #expect(all[1].log10P == all[1].looks.last?.log10P)
    }

    /// Attempts and keys together find unmarked images no oftener than asked.
    @Test func attemptsDoNotInventMatches() throws {
        let keys = try ["1", "2", "3", "4"].map { try key(secret: $0) }
        let routes = try Route.list(parsing: "none/0,none/1,none/3")
        let verifier = try verifier(keys, settings: .init(falsePositiveRate: 0.2, decoys: 0), routes: routes)
        let verdicts = try verifier.judge((0..<200).map { subject(noise(seed: 1000 + $0)) }).map(\.verdict)
        // Of 200 at a nominal rate of 0.2, 40 are expected at most; five standard deviations above are 68.
        #expect(verdicts.count { $0.verdict == .watermarked } <= 68)
        #expect(verdicts.count { $0.verdict == .watermarked } > 0)
    }

    @Test(arguments: ["", "none/5,", "none/5,,none/6"]) func whatIsNoListOfRoutesIsRefused(text: String) {
        let error = #expect(throws: InputError.self) { try Route.list(parsing: text) }
        #expect(error?.code == .invalidSetting)
    }

    @Test func routesAreWrittenAsTheyAreRead() throws {
        let text = "none/0,km:7/5,anderson:4/10"
        #expect(try Route.list(parsing: text).map(\.description).joined(separator: ",") == text)
    }

    /// A batch gives the verdicts of its images alone.
    @Test func batchesChangeNothing() throws {
        let key = try key()
        let verifier = try verifier([key])
        let subjects = [noise(seed: 1, marked: key), noise(seed: 2), noise(seed: 3)].map(subject)
        let together = try verifier.judge(subjects).map { $0.verdict.pValue }
        let alone = try subjects.map { try verifier.judge([$0])[0].verdict.pValue }
        #expect(together == alone)
    }

    @Test func verdictsSurviveJSON() throws {
        let key = try key()
        let verdict = try verifier([key]).judge([subject(noise(seed: 1, marked: key))])[0].verdict
        let data = try JSONEncoder().encode(verdict)
        #expect(try JSONDecoder().decode(Verdict.self, from: data) == verdict)
    }
}
