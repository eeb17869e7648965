import DecoderInversion
import Diffusion
import FixedPoints
import Tensors

/// A batch of images on its way back to noise. It is encoded once, and a latent that decoder inversion found serves every
/// further look with the same method.
public struct RecoveryBatch {
    private let recovery: NoiseRecovery
    /// E(x), `[B, C, h, w]`.
    public let encoded: Tensor
    private let encodingSeconds: Double
    private let prompts: [String?]
    private var solutions: [Solution?]

    private struct Solution {
        let method: InversionMethod
        let latent: Tensor
        let outcome: DecoderInverter.Outcome
    }

    /// Encodes the images.
    /// - Parameters:
    ///   - images: `[B, 3, H, W]` in [-1, 1].
    ///   - prompts: one for each image where it is known; nil stands for the prompt of the settings.
    /// - Throws: what the autoencoder throws, and `InputError` where it gives NaN or infinity.
    public init(_ images: Tensor, prompts: [String?], recovery: NoiseRecovery) throws {
        precondition(prompts.count == images.batch, "\(prompts.count) prompts for \(images.batch) images")
        let clock = StageClock()
        encoded = try recovery.autoencoder.encode(images)
        guard encoded.isFinite else {
            throw InputError("encoder", expected: "numbers", found: "NaN or infinity")
        }
        self.recovery = recovery
        self.prompts = prompts
        encodingSeconds = clock.seconds / Double(images.batch)
        solutions = [Solution?](repeating: nil, count: images.batch)
    }

    /// How the encoding is described in a verdict.
    var encodingStage: Verdict.Stage {
        Verdict.Stage(stage: .encoding, method: "encoder's mode", seconds: encodingSeconds)
    }

    /// Takes some images of the batch back.
    /// - Parameters:
    ///   - items: indices into the batch, ascending.
    ///   - observe: called at every evaluation of decoder inversion.
    public mutating func recover(
        _ items: [Int], by look: Look, observe: (Iterates.Evaluation) -> Void = { _ in }
    ) throws -> NoiseRecovery.Recovered {
        let clock = StageClock()
        let isNew = try solve(items, by: look.decoderInversion, observe: observe)
        let prompts = items.map { self.prompts[$0] }
        let solved = items.compactMap { solutions[$0] }
        let decoding = clock.seconds
        let latents = Tensor.concatenating(solved.map(\.latent))
        let inverted = try recovery.invert(latents, steps: look.steps, prompts: prompts)
        let share = 1 / Double(items.count)
        let diffusion = (clock.seconds - decoding) * share
        let stages = items.indices.map { position in
            let solution = solved[position]
            var stages: [Verdict.Stage] = []
            if isNew, look.decoderInversion.kind != .none {
                stages.append(
                    Verdict.Stage(
                        stage: .decoderInversion,
                        method: "\(look.decoderInversion) (\(solution.outcome.ending.rawValue))",
                        steps: solution.outcome.evaluations, residual: solution.outcome.residual,
                        seconds: decoding * share))
            }
            if look.steps > 0 {
                stages.append(
                    recovery.diffusionStage(
                        steps: look.steps, prompt: prompts[position], outcome: inverted.outcomes?[position],
                        seconds: diffusion))
            }
            return stages
        }
        return NoiseRecovery.Recovered(
            outcomes: solved.map(\.outcome), latents: latents, inverted: inverted, stages: stages)
    }

    /// Whether the decoder had to be inverted; where an earlier look did it with this method, it had not.
    private mutating func solve(
        _ items: [Int], by method: InversionMethod, observe: (Iterates.Evaluation) -> Void
    ) throws -> Bool {
        guard items.contains(where: { solutions[$0]?.method != method }) else { return false }
        let inversion = DecoderInverter(autoencoder: recovery.autoencoder, method: method)
        let (latents, outcomes) = try inversion.invert(
            encoded: .concatenating(items.map { encoded.item($0) }), observe: observe)
        for (position, item) in items.enumerated() {
            solutions[item] = Solution(method: method, latent: latents.item(position), outcome: outcomes[position])
        }
        return true
    }
}
