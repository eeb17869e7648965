import Attempts
import Foundation
import InputErrors
import Marks
import Pictures
import KeyDocuments
import RingKeys
import Tensors
import TestSupport
import Testing
import Verification

/// The verifier with kinds of keys and views that it has never heard of.
@Suite struct SeamTests {
    private let shape = VerifierTests.shape

    /// The picture upside down.
    private struct Overturned: View {
        let name = "overturned"

        func frame(of image: RGBImage, size: (height: Int, width: Int)) -> Frame {
            let length = 3 * image.width
            var pixels: [UInt8] = []
            for row in (0..<image.height).reversed() { pixels += image.pixels[row * length..<(row + 1) * length] }
            return PlainView().frame(
                of: RGBImage(width: image.width, height: image.height, pixels: pixels), size: size)
        }
    }

    private func verifier(_ keys: [any MarkKey], _ plan: Plan) throws -> Verifier {
        try Verifier(
            recovery: NoiseRecovery(ToyModel(latentShape: shape), settings: .init(routes: plan.routes)), plan: plan,
            keys: KeySet(keys), settings: .init(decoys: 100), tool: "test",
            model: { .init(name: "toy", path: "-", digest: "0") })
    }

    private func ringKey() throws -> RingKey {
        RingKey(
            name: "ring",
            geometry: try KeyGeometry(pattern: .spread, radius: 12, channels: [0, 1, 2], latentShape: shape),
            secret: try #require(Secret(hexadecimal: String(repeating: "5", count: 64))))
    }

    private func noise(_ seed: UInt64, marked key: (any MarkKey)? = nil) throws -> Tensor {
        var noise = Tensor(normal: shape.tensorShape(), seed: seed)
        try key?.embed(into: &noise)
        return noise
    }

    @Test func aToyMarkIsJudgedBesideRingKeys() throws {
        let toy = SignKey(seed: 3, latentShape: shape)
        let ring = try ringKey()
        let verifier = try verifier([ring, toy], Plan(routes: [Route(.none, steps: 0)]))
        let verdicts = try verifier.judge(
            [try noise(1, marked: toy), noise(2, marked: ring), noise(3)].map { Subject.toy($0) }
        ).map(\.verdict)
        #expect(verdicts.map(\.verdict) == [.watermarked, .watermarked, .notWatermarked])
        #expect(verdicts[0].key == toy.identity && verdicts[1].key == ring.identity)
        #expect(verdicts[0].dimension == 200 && verdicts[0].hypotheses == 2)
        // 200 agreeing signs, times two keys.
        #expect(abs(try #require(verdicts[0].log10P) + 199 * log10(2)) < 1e-9)
        // Normal decoys say nothing of signs.
        #expect(verdicts[0].decoyRank == nil && verdicts[0].decoys == 0 && verdicts[1].decoyRank == 1)
        #expect(verdicts[0].statistic == "agreeing signs" && verdicts[1].statistic == nil)
    }

    @Test func aViewIsMadeOnceAndTakesItsTurn() throws {
        let key = try ringKey()
        let route = Route(.none, steps: 0)
        let plan = Plan([Attempt(route), Attempt(route, view: Overturned())])
        let noises = (plain: try noise(4), marked: try noise(1, marked: key))
        let verdict = try verifier([key], plan).judge([Subject.toy(noises.plain, noises.marked)])[0].verdict
        #expect(verdict.verdict == .watermarked && verdict.look == 2 && verdict.hypotheses == 2)
        let image = RGBImage(width: 32, height: 32, pixels: (0..<3072).map { UInt8($0 % 256) })
        let views = plan.views.map { $0.frame(of: image, size: (32, 32)).pixels }
        #expect(views.count == 2 && views[0].elements != views[1].elements)
    }

    @Test func aModelWithoutAPartSaysWhich() throws {
        var model = ToyModel(latentShape: shape)
        model.noisePredictor = nil
        let plain = try NoiseRecovery(model, settings: .init(routes: [Route(.none, steps: 0)]))
        #expect(plain.latentShape == shape)
        let error = #expect(throws: InputError.self) {
            try NoiseRecovery(model, settings: .init(routes: [Route(.none, steps: 1)]))
        }
        #expect(error?.code == .modelPart && error?.expected == "one with a network that predicts noise")
        let prompt = #expect(throws: InputError.self) {
            try NoiseRecovery(ToyModel(), settings: .init(routes: [Route(.none, steps: 1)], prompt: "a hill"))
        }
        #expect(prompt?.code == .modelPart)
    }
}
