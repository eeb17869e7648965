import Foundation

/// One point on the way between clean latent and noise, z = α·x₀ + σ·ε.
public struct NoiseLevel: Sendable, Equatable {
    /// The timestep given to the model, on the training schedule. Below 0 on the clean side of the first training step.
    public let timestep: Double
    /// α, the share of the clean latent: 1 without noise, 0 in pure noise.
    public let alpha: Double
    /// σ, the share of the noise.
    public let sigma: Double

    /// A level with α and σ of at least 0, not both 0.
    public init(timestep: Double, alpha: Double, sigma: Double) {
        precondition(alpha >= 0 && sigma >= 0 && alpha + sigma > 0, "a noise level of α \(alpha) and σ \(sigma)")
        self.timestep = timestep
        self.alpha = alpha
        self.sigma = sigma
    }

    /// The level of a variance-preserving process, α = √ᾱ and σ = √(1-ᾱ).
    package init(timestep: Double, alphaCumulative: Double) {
        self.init(
            timestep: timestep, alpha: alphaCumulative.squareRoot(), sigma: (1 - alphaCumulative).squareRoot())
    }

    /// λ = ln(α/σ), half the log-SNR (Lu et al. 2022): +∞ without noise, -∞ in pure noise.
    public var lambda: Double { log(alpha / sigma) }
}
