import Foundation
import Tensors

/// Deterministic DDIM (Song et al. 2021, eq. 12 with η = 0), forwards and backwards.
///
/// Notation: ᾱ `alphasCumulative`, α = √ᾱ, σ = √(1-ᾱ); z the latent, x̂₀ and ε̂ the model's ideas of the clean latent and
/// the noise. A step from t to s is z_s = α_s·x̂₀ + σ_s·ε̂, a linear combination of z_t and the model's output.
public struct DDIM: Sendable {
    public let schedule: NoiseSchedule
    public let predictor: any NoisePredictor

    public init(schedule: NoiseSchedule, predictor: any NoisePredictor) {
        self.schedule = schedule
        self.predictor = predictor
    }

    /// From initial noise to a clean latent.
    /// - Parameters:
    ///   - noise: `[B, C, h, w]`.
    ///   - observe: called after every step with the number of steps done.
    public func sample(
        _ noise: Tensor, steps: Int, guidance: Guidance, observe: (Int) -> Void = { _ in }
    ) throws -> Tensor {
        var latents = noise
        for (index, step) in try schedule.steps(steps).reversed().enumerated() {
            let output = try guidance.predict(latents, timestep: step.noisy, with: predictor)
            latents = try self.step(latents, output, from: step.noisy, to: step.clean)
            observe(index + 1)
        }
        return try finite(latents)
    }

    /// From a clean latent to initial noise, the naive way: the model is asked at the timestep that the step leads to,
    /// with the latent that it starts from (Dhariwal and Nichol 2021, sec. F; diffusers' `DDIMInverseScheduler`).
    public func invert(
        _ latents: Tensor, steps: Int, guidance: Guidance, observe: (Int) -> Void = { _ in }
    ) throws -> Tensor {
        var latents = latents
        for (index, step) in try schedule.steps(steps).enumerated() {
            let output = try guidance.predict(latents, timestep: step.noisy, with: predictor)
            latents = try self.step(latents, output, from: step.clean, to: step.noisy)
            observe(index + 1)
        }
        return try finite(latents)
    }

    /// One step in either direction. A timestep below 0 is the clean end.
    /// - Throws: `InputError` for a model that predicts the clean latent where no noise is left to tell it from.
    public func step(_ latents: Tensor, _ output: Tensor, from: Int, to: Int) throws -> Tensor {
        let (alpha, sigma) = coefficients(at: from)
        let (nextAlpha, nextSigma) = coefficients(at: to)
        switch predictor.predictionType {
        case .epsilon:
            return .combination((nextAlpha / alpha, latents), (nextSigma - nextAlpha * sigma / alpha, output))
        case .vPrediction:
            return .combination(
                (nextAlpha * alpha + nextSigma * sigma, latents), (nextSigma * alpha - nextAlpha * sigma, output))
        case .sample:
            guard sigma > 0 else {
                throw InputError(
                    "prediction type", expected: "epsilon or v_prediction at a noise of 0", found: "sample")
            }
            return .combination((nextSigma / sigma, latents), (nextAlpha - nextSigma * alpha / sigma, output))
        case .flow:
            throw InputError("prediction type", expected: "epsilon, v_prediction or sample for DDIM", found: "flow")
        }
    }

    private func coefficients(at timestep: Int) -> (alpha: Double, sigma: Double) {
        let alphaCumulative = schedule.alphaCumulative(at: timestep)
        return (alphaCumulative.squareRoot(), (1 - alphaCumulative).squareRoot())
    }

    private func finite(_ latents: Tensor) throws -> Tensor {
        guard latents.isFinite else {
            throw InputError("noise predictor", expected: "numbers", found: "NaN or infinity after DDIM")
        }
        return latents
    }
}
