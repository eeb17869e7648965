import FixedPoints
import Models
import Tensors

/// Gradient-free decoder inversion (Hong et al., NeurIPS 2024, arXiv 2409.18442): from the encoder's latent E(x) to a
/// zero of T(z) = E(D(z)) - E(x), that is to the latent that the decoder turns into this image.
///
/// Images are inverted in batches, each by its own iteration: an image that is finished is frozen and costs nothing any
/// more, and its result is the one it would have alone.
public struct DecoderInverter: Sendable {
    /// What happened to one image.
    public struct Outcome: Sendable {
        /// Why the iteration ended; `spent` for the method `none`, which has nothing to spend.
        public let ending: FixedPointEnding
        /// Evaluations of E∘D that were spent on it, from 0 to the method's budget.
        public let evaluations: Int
        /// ‖T‖ / ‖E(x)‖ at the encoder's latent; nil where it was not evaluated or is not a number.
        public let encoderResidual: Double?
        /// ‖T‖ / ‖E(x)‖ at the latent that is returned; nil where T was not evaluated there: the method `none`, and the
        /// last iterate without a safeguard.
        public let residual: Double?
        /// Whether an earlier point than the last one evaluated is returned.
        public let fellBack: Bool
    }

    /// E and D.
    public let autoencoder: any Autoencoder
    /// The method and its budget.
    public let method: InversionMethod
    /// nil for the bare methods of the paper.
    public let safeguard: Safeguard?

    /// An inverter for this autoencoder, by default under the usual safeguard.
    public init(autoencoder: any Autoencoder, method: InversionMethod, safeguard: Safeguard? = Safeguard()) {
        self.autoencoder = autoencoder
        self.method = method
        self.safeguard = safeguard
    }

    /// Encodes and inverts a batch of images; see `invert(encoded:observe:)`.
    /// - Parameters:
    ///   - images: `[B, 3, H, W]` in [-1, 1].
    ///   - observe: called after every evaluation of every image.
    /// - Returns: latents `[B, C, h, w]`, all finite, and an outcome for each image.
    /// - Throws: `InputError` where E(x) is not finite, and whatever the autoencoder throws.
    public func invert(
        images: Tensor, observe: (Iterates.Evaluation) -> Void = { _ in }
    ) throws -> (latents: Tensor, outcomes: [Outcome]) {
        try invert(encoded: autoencoder.encode(images), observe: observe)
    }

    /// Inverts a batch of images.
    ///
    /// With n evaluations and a safeguard, the best of the n points z_0, …, z_{n-1} is returned, all of them evaluated;
    /// without one, z_n, of which no residual is known.
    /// - Parameters:
    ///   - encoded: E(x), `[B, C, h, w]`.
    ///   - observe: called after every evaluation of every image.
    /// - Returns: latents `[B, C, h, w]`, all finite, and an outcome for each image.
    /// - Throws: `InputError` where E(x) is not finite, and whatever the autoencoder throws.
    public func invert(
        encoded: Tensor, observe: (Iterates.Evaluation) -> Void = { _ in }
    ) throws -> (latents: Tensor, outcomes: [Outcome]) {
        let operation = try EncoderResidual(autoencoder: autoencoder, encoded: encoded)
        guard let update = method.update, !operation.targets.isEmpty else {
            let outcome = Outcome(
                ending: .spent, evaluations: 0, encoderResidual: nil, residual: nil, fellBack: false)
            return (encoded, [Outcome](repeating: outcome, count: encoded.batch))
        }
        let solver = FixedPointSolver(update: update, evaluations: method.evaluations, safeguard: safeguard)
        let solutions = try solver.solve(operation, observe: observe)
        let outcomes = solutions.map {
            Outcome(
                ending: $0.ending, evaluations: $0.evaluations, encoderResidual: $0.startResidual,
                residual: $0.residual, fellBack: $0.fellBack)
        }
        return (.concatenating(solutions.map(\.point)), outcomes)
    }
}
