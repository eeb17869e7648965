import FixedPoints
import Tensors

/// The record of an inversion, evaluation by evaluation: residual, error against a known latent, time, and cocoercivity
/// along the path.
///
///     var trace = InversionTrace(truth: known, longestPath: 100)
///     try inversion.invert(encoded: encoded) { trace.record($0) }
public struct InversionTrace {
    /// One evaluation on one image.
    public struct Row: Sendable {
        /// The position of the image in its batch.
        public let item: Int
        /// 1 for the encoder's latent.
        public let evaluation: Int
        /// ‖T(point)‖ / ‖E(x)‖.
        public let residual: Double
        /// NMSE of the iterate against the known latent in dB, 10·log₁₀(‖z - z*‖² / ‖z*‖²); nil where none is known.
        public let nmseDecibels: Double?
        /// Seconds since the trace was made.
        public let seconds: Double
    }

    private struct Place {
        let evaluation: Int
        let point: Tensor
        let difference: Tensor
    }

    /// In the order of the evaluations.
    public private(set) var rows: [Row] = []
    private let truth: Tensor?
    private let longestPath: Int
    private let start = ContinuousClock.now
    private var paths: [Int: [Place]] = [:]
    private var best: [Int: (place: Place, norm: Double)] = [:]

    /// An empty trace, whose clock starts now.
    /// - Parameters:
    ///   - truth: the known latents z*, `[B, C, h, w]`.
    ///   - longestPath: points that are kept of each image for its cocoercivity, two latents each; 0 for none. Points
    ///     beyond are recorded in `rows` only.
    public init(truth: Tensor? = nil, longestPath: Int = 0) {
        self.truth = truth
        self.longestPath = longestPath
    }

    /// Adds one evaluation.
    public mutating func record(_ evaluation: Iterates.Evaluation) {
        rows.append(
            Row(
                item: evaluation.item, evaluation: evaluation.number, residual: evaluation.residual,
                nmseDecibels: truth.map { evaluation.latent.normalisedErrorDecibels(to: $0.item(evaluation.item)) },
                seconds: (ContinuousClock.now - start) / .seconds(1)))
        guard longestPath > 0, evaluation.norm.isFinite else { return }
        let place = Place(
            evaluation: evaluation.number, point: evaluation.point, difference: evaluation.difference)
        if evaluation.norm < best[evaluation.item]?.norm ?? .infinity {
            best[evaluation.item] = (place, evaluation.norm)
        }
        if paths[evaluation.item, default: []].count < longestPath {
            paths[evaluation.item, default: []].append(place)
        }
    }

    /// The cocoercivity along an image's path (Hong et al. 2024, eq. 14),
    /// ⟨ED(z∞) - ED(z_k), z∞ - z_k⟩ / ‖ED(z∞) - ED(z_k)‖², for the kept points.
    ///
    /// z∞ is the evaluated point with the smallest residual, whether or not the iteration has converged: the paper's is
    /// the last, which is not a limit if the iteration diverges. It has no cocoercivity itself and is left out. The
    /// difference of two ED is that of two T.
    /// - Returns: in the order of the evaluations, counted from 1; empty for an image without kept points.
    public func cocoercivities(of item: Int) -> [(evaluation: Int, value: Double)] {
        guard let limit = best[item]?.place else { return [] }
        return (paths[item] ?? []).compactMap { place in
            let change = limit.difference - place.difference
            let energy = change.squaredNorm
            guard place.evaluation != limit.evaluation, energy > 0 else { return nil }
            return (place.evaluation, change.dot(limit.point - place.point) / energy)
        }
    }

    /// The smallest of `cocoercivities`; nil where fewer than two points were kept. Below zero the paper's theorems say
    /// nothing.
    public func minimumCocoercivity(of item: Int) -> Double? { cocoercivities(of: item).map(\.value).min() }
}
