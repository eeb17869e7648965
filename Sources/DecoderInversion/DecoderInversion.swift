import Diffusion
import Tensors

/// Gradient-free decoder inversion (Hong et al., NeurIPS 2024, arXiv 2409.18442): from the encoder's latent E(x) to a
/// zero of T(z) = E(D(z)) - E(x), that is to the latent that the decoder turns into this image.
///
/// Images are inverted in batches, each by its own iteration: an image that is finished is frozen and costs nothing any
/// more, and its result is the one it would have alone.
public struct DecoderInversion: Sendable {
    /// Why an image's iteration ended.
    public enum Ending: String, Sendable {
        /// All evaluations were spent; for the method `none` there were none to spend.
        case spent
        /// The residual fell to the safeguard's tolerance.
        case converged
        /// The best residual has not fallen any more for a while.
        case stalled
        /// The residual grew far beyond the encoder's, or was NaN or infinite; an earlier point was kept.
        case diverged
    }

    /// What happened to one image.
    public struct Outcome: Sendable {
        /// Why the iteration ended.
        public let ending: Ending
        /// Evaluations of E∘D that were spent on it.
        public let evaluations: Int
        /// ‖T‖ / ‖E(x)‖ at the encoder's latent; nil where it was not evaluated or is not a number.
        public let encoderResidual: Double?
        /// ‖T‖ / ‖E(x)‖ at the latent that is returned; nil where T was not evaluated there: the method `none`, and the
        /// last iterate without a safeguard.
        public let residual: Double?
        /// Whether an earlier point than the last one evaluated is returned.
        public let fellBack: Bool
    }

    /// One evaluation on one image, for traces.
    public typealias Evaluation = Iterates.Evaluation

    /// E and D.
    public let autoencoder: any Autoencoder
    /// The method and its budget.
    public let method: Method
    /// nil for the bare methods of the paper.
    public let safeguard: Safeguard?

    /// An inversion of this autoencoder, by default under the usual safeguard.
    public init(autoencoder: any Autoencoder, method: Method, safeguard: Safeguard? = Safeguard()) {
        self.autoencoder = autoencoder
        self.method = method
        self.safeguard = safeguard
    }

    /// Encodes and inverts a batch of images, `[B, 3, H, W]` in [-1, 1]; see `invert(encoded:observe:)`.
    public func invert(
        images: Tensor, observe: (Evaluation) -> Void = { _ in }
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
        encoded: Tensor, observe: (Evaluation) -> Void = { _ in }
    ) throws -> (latents: Tensor, outcomes: [Outcome]) {
        let operation = try ResidualOperator(autoencoder: autoencoder, encoded: encoded)
        guard let update = method.update, !operation.targets.isEmpty else {
            let outcome = Outcome(
                ending: .spent, evaluations: 0, encoderResidual: nil, residual: nil, fellBack: false)
            return (encoded, [Outcome](repeating: outcome, count: encoded.batch))
        }
        var iterates = Iterates(of: operation, by: update)
        var monitors = operation.targets.map { ItemMonitor(start: $0, safeguard: safeguard) }
        var lastResiduals = [Double](repeating: .nan, count: monitors.count)
        for _ in 0..<method.evaluations {
            guard let evaluations = try iterates.next()?.get() else { break }
            for evaluation in evaluations {
                observe(evaluation)
                monitors[evaluation.item].observe(evaluation)
                lastResiduals[evaluation.item] = evaluation.residual
                if monitors[evaluation.item].ending != nil { iterates.freeze(evaluation.item) }
            }
        }
        var latents: [Tensor] = []
        var outcomes: [Outcome] = []
        for (item, monitor) in monitors.enumerated() {
            let last = iterates.latent(of: item)
            let isLast = safeguard == nil && monitor.ending == nil && last.isFinite
            latents.append(isLast ? last : monitor.best)
            outcomes.append(
                Outcome(
                    ending: monitor.ending ?? (safeguard == nil && !isLast ? .diverged : .spent),
                    evaluations: monitor.evaluations, encoderResidual: monitor.encoderResidual,
                    residual: isLast ? nil : monitor.bestResidual,
                    fellBack: !isLast && lastResiduals[item] != monitor.bestResidual))
        }
        return (.concatenating(latents), outcomes)
    }
}
