import Attempts
import Foundation
import Items
import Marks
import Models
import Pictures
import KeyDocuments
import RingKeys
import Synchronization
import Tensors
import TestSupport
import Testing
import Verdicts
import Verification

/// Moved pictures from subjects to verdicts, on a chain that recovers the noise as it is.
@Suite struct MovedVerifierTests {
    private static let shape = VerifierTests.shape
    private static let plain = Route(.none, steps: 0)
    private static let steps = Route(.none, steps: 1)

    private func key(_ pattern: KeyGeometry.Pattern = .spread, digit: String = "1") throws -> RingKey {
        RingKey(
            name: "\(pattern.rawValue) \(digit)",
            geometry: try KeyGeometry(pattern: pattern, radius: 8, channels: [0, 1, 2], latentShape: Self.shape),
            secret: try #require(Secret(hexadecimal: String(repeating: digit, count: 64))))
    }

    private func verifier(
        _ keys: [any MarkKey], routes: [Route] = [plain], rate: Double = 1e-6, decoys: Int = 50,
        all: Bool = false, encoder: any Autoencoder = IdentityAutoencoder(latentShape: shape)
    ) throws -> Verifier {
        var model = ToyModel(latentShape: Self.shape)
        model.autoencoder = encoder
        let set = KeySet(keys, searching: .full)
        return try Verifier(
            recovery: NoiseRecovery(model, settings: .init(routes: routes)),
            plan: Plan(routes: routes, searching: set.isSearched), keys: set,
            settings: .init(falsePositiveRate: rate, decoys: decoys, makesAllAttempts: all), tool: "test",
            model: { .init(name: "toy", path: "-", digest: "0") })
    }

    private func noise(_ seed: UInt64, marked key: RingKey? = nil, mirrored: Bool = false) -> Tensor {
        var noise = Tensor(normal: Self.shape.tensorShape(), seed: seed)
        key?.embed(into: &noise)
        guard mirrored else { return noise }
        let own = noise.elements
        return Tensor(own.indices.map { own[$0 / 32 * 32 + 31 - $0 % 32] }, shape: noise.shape)
    }

    /// The same pixels in both views, as a picture of the model's size has them.
    private func subject(_ pixels: Tensor) -> Subject { Subject.toy(pixels, pixels) }

    @Test func aMovedMarkIsFoundAndItsPlaceIsTold() throws {
        let key = try key()
        let verdict = try verifier([key], routes: [Self.plain, Self.steps])
            .judge([subject(noise(1, marked: key, mirrored: true))])[0].verdict
        #expect(verdict.verdict == .watermarked && verdict.key.id == key.id && verdict.log10P ?? 0 < -50)
        let placement = try #require(verdict.placement)
        #expect(placement.isMirrored && abs(placement.degrees) < 2 && placement.tier == "mirrored or stretched")
        #expect(abs(placement.width - 32) < 1.6 && abs(placement.height - 32) < 1.6)
        #expect(abs(placement.shiftX) < 0.03 && abs(placement.shiftY) < 0.03)
        // Top left of the frame that was generated is at the top right; 0 and 1 are the picture's own edges.
        let corners = [[1.0, 0], [0, 0], [0, 1], [1, 1]]
        #expect(placement.corners.count == 4)
        for (corner, expected) in zip(placement.corners, corners) {
            #expect(zip(corner, expected).allSatisfy { abs($0 - $1) < 0.06 }, "\(placement.corners)")
        }
        let finding = try #require(verdict.findings.first { $0.code == .pictureMoved })
        #expect(finding.message.contains("mirrored"))
        #expect(verdict.look == 2 && verdict.looks.count == 2 && verdict.looksPlanned == 4)
        #expect(
            verdict.looks.map(\.search) == [nil, "mirrored or stretched"]
                && verdict.looks.map(\.view) == [nil, "whole"])
        // A place that was searched for fits better than decoys whatever the picture.
        #expect(verdict.decoyRank == nil && verdict.decoys == 0)
        #expect(verdict.hypotheses > 1_000_000 && verdict.reference.note?.contains("moved") == true)
    }

    @Test func aMarkInItsPlaceNeedsNoSearch() throws {
        let key = try key()
        let verdict = try verifier([key]).judge([subject(noise(1, marked: key))])[0].verdict
        #expect(verdict.verdict == .watermarked && verdict.look == 1 && verdict.looks.count == 1)
        #expect(verdict.placement == nil && verdict.findings.isEmpty && verdict.decoyRank == 1)
        // One search beside one plain attempt: half of the rate.
        #expect(verdict.hypotheses == 2)
    }

    /// What a search finds best in an unmarked picture says nothing: the verdict is the last plain attempt's.
    @Test func anAbsenceRestsOnTheLastPlainAttempt() throws {
        let clean = noise(7)
        let verdict = try verifier([key()], routes: [Self.plain, Self.steps]).judge([subject(clean)])[0].verdict
        #expect(verdict.verdict == .notWatermarked && verdict.look == 3 && verdict.looks.count == 4)
        #expect(verdict.placement == nil && verdict.hypotheses == 4 && verdict.decoyRank != nil)
        #expect(verdict.looks.map { $0.search != nil } == [false, true, false, true])
        #expect(verdict.findings.isEmpty && verdict.log10P == verdict.looks[2].log10P)
    }

    /// Rings cannot pay for a search: their correction is what it is without one, and they are told beside the others.
    @Test func ringKeysKeepTheirPriceBesideSearchedOnes() throws {
        let (spread, ring) = (try key(), try key(.ring, digit: "2"))
        let both = try verifier([spread, ring]), alone = try verifier([ring])
        #expect(alone.plan.attempts.count == 1 && both.plan.attempts.count == 2)
        let clean = subject(noise(3))
        let (together, own) = (try both.judge([clean])[0].verdict, try alone.judge([Subject.toy(noise(3))])[0].verdict)
        let score = try #require(together.scores.first { $0.key.id == ring.id }?.pValue)
        let alonePValue = try #require(own.pValue)
        // Two keys instead of one, and nothing for the search.
        #expect(abs(score - min(1, 2 * alonePValue)) < 1e-12)
        let moved = try both.judge([subject(noise(1, marked: spread, mirrored: true))])[0].verdict
        #expect(moved.verdict == .watermarked && Set(moved.scores.map(\.key.id)) == [spread.id, ring.id])
        #expect(moved.scores[0].key.id == spread.id && moved.scores.count == 2)
        let marked = try both.judge([subject(noise(2, marked: ring))])[0].verdict
        #expect(marked.verdict == .watermarked && marked.key.id == ring.id && marked.hypotheses == 2)
    }

    @Test func keysThatCannotBeSearchedForHaveAPlainPlan() throws {
        let verdict = try verifier([key(.ring)]).judge([Subject.toy(noise(3))])[0].verdict
        #expect(verdict.hypotheses == 1 && verdict.looks.count == 1 && verdict.looksPlanned == 1)
    }

    /// Both orientations are searched, and each attempt is paid for.
    @Test func bothOrientationsAreSearched() throws {
        let key = try key()
        let (clean, moved) = (noise(5), noise(1, marked: key, mirrored: true))
        let verdict = try verifier([key]).judge([Subject.toy(clean, clean, moved, moved, orientation: .turnedRight)])[0]
            .verdict
        #expect(verdict.verdict == .watermarked && verdict.look == 4 && verdict.looksPlanned == 4)
        #expect(verdict.looks.map(\.view) == [nil, "whole", "plain, orientation 6", "whole, orientation 6"])
        #expect(Set(verdict.findings.map(\.code)).isSuperset(of: [.pictureMoved, .orientationTag]))
    }

    /// Over keys, at images that know nothing of them: white, striped, and a page with a box.
    @Test func theRateHoldsForPlainAttemptsAndSearchesTogether() throws {
        func picture(_ value: (Int, Int) -> Float) -> Tensor {
            Tensor((0..<Self.shape.count).map { value($0 / 32 % 32, $0 % 32) }, shape: Self.shape.tensorShape())
        }
        let stripes = picture { y, x in sinf(Float(x) / 2) + 0.1 * Float(7 * y % 5) }
        let box = picture { y, x in (8..<20).contains(x) && (4..<25).contains(y) ? 1 : -1 }
        let subjects = [noise(11), stripes, box].map(subject)
        var found = [0, 0, 0]
        let trials = 40
        for trial in 0..<trials {
            let key = RingKey(
                name: "\(trial)", geometry: try key().geometry,
                secret: try #require(
                    Secret(hexadecimal: String(repeating: "0", count: 62) + String(trial + 16, radix: 16))))
            let verdicts = try verifier([key], rate: 0.25, decoys: 0).judge(subjects).map(\.verdict)
            for (index, verdict) in verdicts.enumerated() where verdict.verdict == .watermarked { found[index] += 1 }
        }
        // 10 of 40 at most are expected of each; four standard deviations above are 21.
        #expect(found.allSatisfy { $0 <= 21 }, "\(found)")
    }

    // MARK: - What is encoded

    /// Counts the images that it encodes.
    private struct CountingAutoencoder: Autoencoder {
        final class Counter: Sendable { let images = Mutex(0) }

        let latentShape = MovedVerifierTests.shape
        let counter = Counter()
        var imageSize: (height: Int, width: Int) { (latentShape.height, latentShape.width) }
        func encode(_ images: Tensor) throws -> Tensor {
            counter.images.withLock { $0 += images.batch }
            return images
        }
        func decode(_ latents: Tensor) throws -> Tensor { latents }
    }

    private func encoded(_ subjects: [Subject], routes: [Route] = [plain, steps]) throws -> (Int, [Verdict]) {
        let encoder = CountingAutoencoder()
        let verdicts = try verifier([key()], routes: routes, all: true, encoder: encoder).judge(subjects).map(\.verdict)
        return (encoder.counter.images.withLock { $0 }, verdicts)
    }

    /// Frames of the same pixels are encoded once, others each; whatever the batch.
    @Test func equalFramesAreEncodedOnce() throws {
        let same = subject(noise(1)), different = Subject.toy(noise(2), noise(3))
        #expect(try encoded([same]).0 == 1)
        #expect(try encoded([different]).0 == 2)
        #expect(try encoded([same, different, same]).0 == 4)
        let clean = noise(4)
        #expect(try encoded([Subject.toy(clean, clean, noise(5), noise(5), orientation: .flipped)]).0 == 2)
    }

    /// The noise of a frame is recovered once by each route: the search looks at what the plain attempt looked at.
    @Test func diffusionInversionIsNotRepeated() throws {
        let (_, same) = try encoded([subject(noise(1))])
        #expect(same[0].stages.count { $0.steps != nil } == 1, "\(same[0].stages)")
        let (_, different) = try encoded([Subject.toy(noise(2), noise(3))])
        #expect(different[0].stages.count { $0.steps != nil } == 2, "\(different[0].stages)")
    }

    /// A batch in which some frames are equal gives the verdicts of its images alone.
    @Test func batchesChangeNothing() throws {
        let key = try key()
        let subjects = [
            subject(noise(1, marked: key, mirrored: true)),
            Subject.toy(noise(2), noise(3, marked: key, mirrored: true)),
            subject(noise(4)), subject(noise(5, marked: key)),
        ]
        let verifier = try verifier([key], routes: [Self.plain, Self.steps])
        let together = try verifier.judge(subjects).map(\.verdict)
        #expect(together.map(\.look) == [2, 2, 3, 1])
        for (subject, verdict) in zip(subjects, together) {
            let alone = try verifier.judge([subject])[0].verdict
            #expect(
                alone.log10P == verdict.log10P && alone.looks == verdict.looks && alone.placement == verdict.placement)
        }
    }
}
