import InputErrors
import NoiseSchedules
import Tensors

/// The coefficients that turn a latent z and a model's output m into x̂₀ = a·z + b·m and ε̂ = c·z + d·m.
struct OutputConversion {
    let clean: (latent: Double, output: Double)
    let noise: (latent: Double, output: Double)
}

extension PredictionType {
    /// From z = α·x₀ + σ·ε and the meaning of the output.
    /// - Throws: `InputError` where the output says nothing at this level: ε in pure noise, x₀ without noise.
    func conversion(at level: NoiseLevel) throws -> OutputConversion {
        let (alpha, sigma) = (level.alpha, level.sigma)
        switch self {
        case .epsilon:
            guard alpha > 0 else {
                throw InputError(
                    "prediction type", expected: "v_prediction or sample in pure noise (zero SNR)", found: rawValue,
                    as: .modelConfiguration)
            }
            return OutputConversion(clean: (1 / alpha, -sigma / alpha), noise: (0, 1))
        case .vPrediction:
            return OutputConversion(clean: (alpha, -sigma), noise: (sigma, alpha))
        case .sample:
            guard sigma > 0 else {
                throw InputError(
                    "prediction type", expected: "epsilon or v_prediction without noise", found: rawValue,
                    as: .modelConfiguration)
            }
            return OutputConversion(clean: (0, 1), noise: (1 / sigma, -alpha / sigma))
        case .flow:
            let total = alpha + sigma
            return OutputConversion(clean: (1 / total, -sigma / total), noise: (1 / total, alpha / total))
        case .velocity:
            let total = alpha + sigma
            return OutputConversion(clean: (1 / total, sigma / total), noise: (1 / total, -alpha / total))
        }
    }

    /// The model's ideas x̂₀ of the clean latent and ε̂ of the noise.
    /// - Parameters:
    ///   - latents: z, `[B, C, h, w]`.
    ///   - output: of the model, `[B, C, h, w]`.
    ///   - level: the noise in `latents`.
    /// - Throws: `InputError` where the output says nothing at this level: ε in pure noise, x₀ without noise.
    public func cleanAndNoise(
        _ latents: Tensor, output: Tensor, at level: NoiseLevel
    ) throws -> (clean: Tensor, noise: Tensor) {
        let conversion = try conversion(at: level)
        return (
            .combination((conversion.clean.latent, latents), (conversion.clean.output, output)),
            .combination((conversion.noise.latent, latents), (conversion.noise.output, output))
        )
    }

    /// What a model of this type returns for a known clean latent and noise; the inverse of `cleanAndNoise`.
    public func output(clean: Tensor, noise: Tensor, at level: NoiseLevel) -> Tensor {
        switch self {
        case .epsilon: noise
        case .vPrediction: .combination((level.alpha, noise), (-level.sigma, clean))
        case .sample: clean
        case .flow: noise - clean
        case .velocity: clean - noise
        }
    }
}
