import Foundation
import Models
import NoiseSchedules
import Tensors

/// The exact predictor for data from a mixture of isotropic Gaussians: a model without error, for tests and examples.
///
/// Notation: component k has weight w_k, mean μ_k and variance s_k². At level (α, σ) the latents are distributed as
/// Σ w_k N(α·μ_k, v_k) with v_k = α²s_k² + σ². With r_k(z) the posterior of the component,
/// x̂₀ = Σ r_k (μ_k + α s_k²/v_k · (z - α μ_k)) = E[x₀|z] and ε̂ = Σ r_k σ/v_k · (z - α μ_k) = E[ε|z] = -σ ∇ ln p(z).
public struct GaussianMixturePredictor: NoisePredictor {
    /// One Gaussian of the mixture.
    public struct Component: Sendable {
        /// w_k > 0; the weights need not sum to 1.
        public let weight: Double
        /// μ_k, `[C, h, w]`.
        public let mean: Tensor
        /// s_k² ≥ 0 of every element.
        public let variance: Double

        /// A component of positive weight; a variance of 0 is a single point.
        public init(weight: Double, mean: Tensor, variance: Double) {
            precondition(weight > 0 && variance >= 0, "a component of weight \(weight) and variance \(variance)")
            self.weight = weight
            self.mean = mean
            self.variance = variance
        }
    }

    /// Keeps the quotients of a point mass without noise finite.
    private static let smallestVariance = 1e-30

    /// The mixture.
    public let components: [Component]
    /// Turns a timestep into a level of noise.
    public let schedule: NoiseSchedule
    /// What `predict` returns.
    public let predictionType: PredictionType
    /// The shape of one latent and of every mean.
    public let latentShape: LatentShape

    /// A predictor for a mixture of at least one component.
    public init(
        components: [Component], schedule: NoiseSchedule, predictionType: PredictionType, latentShape: LatentShape
    ) {
        precondition(!components.isEmpty, "a mixture without components")
        for component in components {
            precondition(
                component.mean.count == latentShape.count, "a mean of \(component.mean.shape) for \(latentShape)")
        }
        self.components = components
        self.schedule = schedule
        self.predictionType = predictionType
        self.latentShape = latentShape
    }

    /// The exact output, `[B, C, h, w]`; conditioning is ignored. It throws nothing.
    public func predict(_ latents: Tensor, timestep: Double, conditioning: Conditioning?) throws -> Tensor {
        let level = schedule.level(at: timestep)
        let outputs = (0..<latents.batch).map { output(latents.item($0), at: level) }
        return .concatenating(outputs)
    }

    /// The output for one latent `[1, C, h, w]` at a level of noise.
    private func output(_ latent: Tensor, at level: NoiseLevel) -> Tensor {
        let (alpha, sigma) = (level.alpha, level.sigma)
        let means = components.map { $0.mean.reshaped(latent.shape) }
        let variances = components.map { max(alpha * alpha * $0.variance + sigma * sigma, Self.smallestVariance) }
        let deviations = means.map { Tensor.combination((1, latent), (-alpha, $0)) }
        let logWeights = components.indices.map { k in
            log(components[k].weight)
                - 0.5 * (deviations[k].squaredNorm / variances[k] + Double(latent.count) * log(variances[k]))
        }
        let largest = logWeights.reduce(-.infinity, max)
        let weights = logWeights.map { exp($0 - largest) }
        let total = weights.reduce(0, +)
        var clean: [(Double, Tensor)] = []
        var noise: [(Double, Tensor)] = []
        for k in components.indices {
            let posterior = weights[k] / total
            clean.append((posterior, means[k]))
            clean.append((posterior * alpha * components[k].variance / variances[k], deviations[k]))
            noise.append((posterior * sigma / variances[k], deviations[k]))
        }
        return predictionType.output(clean: .combination(clean), noise: .combination(noise), at: level)
    }
}
