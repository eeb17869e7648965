import Diffusion
import Foundation
import Marks
import ModelFolders
import Models
import OnnxModels
import Tensors
import Testing

/// The model that paints in one step, and folders that share parts by links.
struct OneStepModelTests {
    private let folder = groveURL.deletingLastPathComponent().appendingPathComponent("grove-flow")

    /// What is behind the links counts, not how it got there.
    @Test func linksAreFollowed() throws {
        let model = try OnnxModel(folder.path, options: testOptions)
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("grove-flow-\(UUID())")
        defer { try? FileManager.default.removeItem(at: copy) }
        for file in try ModelDigest(of: folder).files {
            let target = copy.appendingPathComponent(file.path)
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(contentsOf: folder.appendingPathComponent(file.path)).write(to: target)
        }
        #expect(try OnnxModel(copy.path, options: testOptions).digest() == model.digest())
        // A file may be linked, and a whole part.
        for name in ["vae_decoder/model.onnx", "vae_encoder"] {
            let part = copy.appendingPathComponent(name)
            let elsewhere = copy.appendingPathComponent("elsewhere-\(part.lastPathComponent)")
            try FileManager.default.moveItem(at: part, to: elsewhere)
            try FileManager.default.createSymbolicLink(at: part, withDestinationURL: elsewhere)
        }
        let linked = try OnnxModel(copy.path, options: testOptions)
        #expect(try linked.digest() == model.digest())
        let sizes = try linked.summary().graphs.filter {
            [ModelPart.vaeEncoder, .vaeDecoder].map(\.rawValue).contains($0.part)
        }.map(\.fileSize)
        #expect(sizes.count == 2 && sizes.allSatisfy { $0 > 1_000_000 })
    }

    /// Several noises make nearly the same latent in one step, and its equation is not solved. A few short steps towards a
    /// solution say more of the noise than naive inversion, which asks the model where there is no noise.
    @Test func oneStepIsApproached() throws {
        let model = try OnnxModel(folder.path, options: testOptions)
        let scheduler = try model.scheduler()
        #expect(scheduler.isForOneStep)
        let prompts = ["mountains at dusk with sun", "sea at night with moon", "hills at dawn", "dunes at noon"]
        let noise = Tensor(normal: model.latentShape.tensorShape(batch: prompts.count), seed: 3)
        let guidance = Guidance.none(try model.onnxTextEncoder.encode(prompts))
        let solver = DiffusionSolver(.flow, schedule: scheduler.schedule, predictor: model.onnxNoisePredictor)
        // An error of -16 dB, as encoders leave it.
        let error = Tensor(normal: noise.shape, seed: 4)
        let made = try solver.sample(noise, steps: 1, guidance: guidance)
        let clean = Tensor.combination((1, made), (0.16 * (made.squaredNorm / error.squaredNorm).squareRoot(), error))
        let naive = try solver.invert(clean, steps: 1, guidance: guidance)
        let (exact, outcomes) = try ExactInversion(of: solver).invert(clean, steps: 1, guidance: guidance)
        // The latents themselves have a residual of 2.
        #expect(!outcomes.isEmpty && outcomes.allSatisfy { !$0.fellBack && $0.residual < 0.5 })
        func cosine(_ found: Tensor) -> Double {
            found.dot(noise) / (found.squaredNorm * noise.squaredNorm).squareRoot()
        }
        // 0.45 and 0.24; the best point of Anderson acceleration, which fits the error, has 0.31.
        #expect(cosine(exact) > cosine(naive) + 0.14, "\(cosine(exact)) \(cosine(naive))")
    }
}
