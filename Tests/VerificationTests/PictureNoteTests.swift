import Attempts
import Items
import Marks
import Pictures
import RingKeys
import Tensors
import TestSupport
import Testing
import Verdicts
import Verification

/// What lies between a file and its picture becomes a finding.
@Suite struct PictureNoteTests {
    private func findings(_ notes: [PictureNote]) throws -> [Verdict.Finding] {
        let image = RGBImage(width: 32, height: 32, pixels: [UInt8](repeating: 0, count: 3072))
        let item = Item(name: "x", sha256: "0", bytes: 1, image: image, notes: notes, seconds: 0)
        let shape = VerifierTests.shape
        let pixels = Tensor(normal: shape.tensorShape(), seed: 1)
        let plan = Plan(routes: [Route(.none, steps: 0)])
        let verifier = try Verifier(
            recovery: NoiseRecovery(ToyModel(latentShape: shape), settings: .init(routes: plan.routes)), plan: plan,
            keys: KeySet([SignKey(seed: 3, latentShape: shape)]), settings: .init(decoys: 0), tool: "test",
            model: { .init(name: "toy", path: "-", digest: "0") })
        return try verifier.judge([Subject(item, frames: [Frame(pixels)], seconds: 0)])[0].verdict.findings
    }

    @Test func eachNoteIsAFinding() throws {
        #expect(try findings([]).isEmpty)
        let frames = try #require(try findings([.firstFrameOnly(of: 12)]).first)
        let others = try findings([.colourProfileIgnored("Display P3"), .bitDepthReduced(from: 16)])
        #expect(others.map(\.code) == [.colourProfileIgnored, .bitDepthReduced])
        #expect(others[0].message.contains("\"Display P3\"") && others[1].measured == 16 && others[1].limit == 8)
        #expect(frames.code == .firstFrameOnly && frames.measured == 12 && frames.message.contains("12 frames"))
    }
}
