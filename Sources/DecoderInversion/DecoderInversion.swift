import Diffusion
import Tensors

/// Gradient-free decoder inversion (Hong et al., NeurIPS 2024): from the encoder's latent E(x) to a zero of
/// T(z) = E(D(z)) - E(x), that is to the latent that the decoder turns into this image.
///
/// Every image keeps the point with the smallest ‖T‖ that was seen, so that the result is never worse than the encoder by
/// its own residual. An image whose residual grows beyond the encoder's or stops falling is left alone from then on.
public struct DecoderInversion: Sendable {
    /// Why an image's iteration ended.
    public enum Ending: String, Sendable {
        /// All evaluations were spent.
        case spent
        /// The residual fell below the tolerance.
        case converged
        /// The residual has not fallen any more for a few evaluations.
        case stalled
        /// The residual rose above the encoder's, or became NaN; an earlier point was kept.
        case diverged
    }

    /// What happened to one image.
    public struct Outcome: Sendable {
        public let ending: Ending
        /// Evaluations of E∘D that were spent on it.
        public let evaluations: Int
        /// ‖T‖ / ‖E(x)‖ at the encoder's latent; nil where T was never evaluated.
        public let encoderResidual: Double?
        /// ‖T‖ / ‖E(x)‖ at the latent that is returned.
        public let residual: Double?
    }

    /// One evaluation on one image, for traces.
    public struct Evaluation {
        public let item: Int
        /// 1 for the first.
        public let number: Int
        /// ‖T‖ / ‖E(x)‖ at `point`.
        public let residual: Double
        /// `[1, C, h, w]`.
        public let point: Tensor
    }

    public let autoencoder: any Autoencoder
    public let method: Method
    /// ‖T‖ / ‖E(x)‖ below which nothing is left to gain.
    let tolerance = 1e-4
    /// Evaluations without a fall of the best residual by a hundredth, after which an image has stalled.
    let patience = 5
    /// Growth over the encoder's residual that counts as divergence.
    let divergence = 2.0

    public init(autoencoder: any Autoencoder, method: Method) {
        self.autoencoder = autoencoder
        self.method = method
    }

    private struct Item {
        var update: any FixedPointUpdate
        var point: Tensor
        let scale: Double
        var best: Tensor
        var bestResidual = Double.infinity
        var firstResidual: Double?
        var evaluations = 0
        var sinceImprovement = 0
        var ending: Ending?
    }

    /// Inverts a batch of images.
    /// - Parameters:
    ///   - encoded: E(x), `[B, C, h, w]`.
    ///   - observe: called after every evaluation of every image.
    /// - Returns: latents `[B, C, h, w]` and an outcome for each image.
    public func invert(
        encoded: Tensor, observe: (Evaluation) -> Void = { _ in }
    ) throws -> (latents: Tensor, outcomes: [Outcome]) {
        var items: [Item] = []
        for index in 0..<encoded.batch {
            guard let update = method.makeUpdate() else {
                let outcome = Outcome(ending: .spent, evaluations: 0, encoderResidual: nil, residual: nil)
                return (encoded, [Outcome](repeating: outcome, count: encoded.batch))
            }
            let start = encoded.item(index)
            items.append(Item(update: update, point: start, scale: start.squaredNorm.squareRoot(), best: start))
        }
        for number in 1...max(method.evaluations, 1) {
            let active = items.indices.filter { items[$0].ending == nil }
            guard !active.isEmpty else { break }
            let points = Tensor.concatenating(active.map { items[$0].point })
            let images = try autoencoder.encode(autoencoder.decode(points))
            for (position, index) in active.enumerated() {
                let residual = images.item(position) - encoded.item(index)
                let size = residual.squaredNorm.squareRoot() / items[index].scale
                observe(Evaluation(item: index, number: number, residual: size, point: items[index].point))
                advance(&items[index], residual: residual, size: size)
            }
        }
        return (.concatenating(items.map(\.best)), items.map(Self.outcome))
    }

    private func advance(_ item: inout Item, residual: Tensor, size: Double) {
        item.evaluations += 1
        let first = item.firstResidual ?? size
        item.firstResidual = first
        guard size.isFinite, size <= divergence * first else {
            item.ending = .diverged
            return
        }
        item.sinceImprovement = size < 0.99 * item.bestResidual ? 0 : item.sinceImprovement + 1
        if size < item.bestResidual {
            item.bestResidual = size
            item.best = item.point
        }
        if size < tolerance {
            item.ending = .converged
        } else if item.sinceImprovement >= patience {
            item.ending = .stalled
        } else {
            item.point = item.update.next(after: item.point, residual: residual)
        }
    }

    private static func outcome(_ item: Item) -> Outcome {
        Outcome(
            ending: item.ending ?? .spent, evaluations: item.evaluations, encoderResidual: item.firstResidual,
            residual: item.bestResidual.isFinite ? item.bestResidual : item.firstResidual)
    }
}
