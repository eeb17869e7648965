import Attempts
import DecoderInversion
import Diffusion
import FixedPoints
import InputErrors
import Models
import Tensors

/// A batch of images whose noise is being recovered. It is encoded once, and a latent that decoder inversion found serves every
/// further route with the same method.
public struct RecoveryBatch {
    /// What one route recovered from some images of a batch. Seconds are for each image, shared equally.
    public struct Recovered: Sendable {
        /// Clean latents after decoder inversion, `[B, C, h, w]`.
        public let latents: Tensor
        /// ẑ_T, `[B, C, h, w]`.
        public let noise: Tensor
        /// What decoder inversion did to each image.
        public let decoderOutcomes: [DecoderInverter.Outcome]
        /// What exact diffusion inversion did to each image; nil where inversion was naive or there was none.
        public let diffusionOutcomes: [ExactInversion.Outcome]?
        /// Spent on decoder inversion; nil where there was none, or where an earlier route had done it.
        public let decoderSeconds: Double?
        /// Spent on diffusion inversion; nil where there were no steps.
        public let diffusionSeconds: Double?
    }

    private struct Solution {
        let method: InversionMethod
        let latent: Tensor
        let outcome: DecoderInverter.Outcome
    }

    /// E(x), `[B, C, h, w]`.
    public let encoded: Tensor
    /// Seconds of encoding for each image.
    public let encodingSeconds: Double
    private let recovery: NoiseRecovery
    private let autoencoder: any Autoencoder
    private let prompts: [String?]
    private var solutions: [Solution?]

    /// Encodes the images.
    /// - Parameters:
    ///   - images: `[B, 3, H, W]` in [-1, 1].
    ///   - prompts: one for each image where it is known; nil stands for the prompt of the settings.
    ///   - recovery: how they are taken back.
    ///   - route: whose autoencoder encodes them; all routes of the batch have the same.
    /// - Throws: what the autoencoder throws, and `InputError` where it gives NaN or infinity.
    public init(_ images: Tensor, prompts: [String?], recovery: NoiseRecovery, for route: Route) throws {
        precondition(prompts.count == images.batch, "\(prompts.count) prompts for \(images.batch) images")
        let clock = StageClock()
        autoencoder = try recovery.requireAutoencoder(of: route)
        encoded = try autoencoder.encode(images)
        guard encoded.isFinite else {
            throw InputError("encoder", expected: "finite numbers", found: "NaN or infinity", as: .notFinite)
        }
        self.recovery = recovery
        self.prompts = prompts
        encodingSeconds = clock.seconds / Double(images.batch)
        solutions = [Solution?](repeating: nil, count: images.batch)
    }

    /// Takes some images of the batch back.
    /// - Parameters:
    ///   - items: indices into the batch, ascending.
    ///   - route: one of the recovery's.
    ///   - observe: called at every evaluation of decoder inversion.
    public mutating func recover(
        _ items: [Int], by route: Route, observe: (Iterates.Evaluation) -> Void = { _ in }
    ) throws -> Recovered {
        let clock = StageClock()
        let isNew = try solve(items, by: route.decoderInversion, observe: observe)
        let solved = items.compactMap { solutions[$0] }
        let decoding = clock.seconds
        let latents = Tensor.concatenating(solved.map(\.latent))
        let inverted = try recovery.invert(latents, steps: route.steps, prompts: items.map { prompts[$0] })
        let share = 1 / Double(items.count)
        return Recovered(
            latents: latents, noise: inverted.noise, decoderOutcomes: solved.map(\.outcome),
            diffusionOutcomes: inverted.outcomes,
            decoderSeconds: isNew && route.decoderInversion.kind != .none ? decoding * share : nil,
            diffusionSeconds: route.steps > 0 ? (clock.seconds - decoding) * share : nil)
    }

    /// Whether the decoder had to be inverted; where an earlier route did it with this method, it had not.
    private mutating func solve(
        _ items: [Int], by method: InversionMethod, observe: (Iterates.Evaluation) -> Void
    ) throws -> Bool {
        guard items.contains(where: { solutions[$0]?.method != method }) else { return false }
        let inverter = DecoderInverter(autoencoder: autoencoder, method: method)
        let (latents, outcomes) = try inverter.invert(
            encoded: .concatenating(items.map { encoded.item($0) }), observe: observe)
        for (position, item) in items.enumerated() {
            solutions[item] = Solution(method: method, latent: latents.item(position), outcome: outcomes[position])
        }
        return true
    }
}
