import Foundation
import NoiseSchedules

/// One step of a solver, in either direction.
struct SolverStep: Sendable {
    /// Where the step begins.
    let from: NoiseLevel
    /// Where it leads.
    let to: NoiseLevel
    /// The timestep given to the model.
    let timestep: Double
    /// Levels of the earlier outputs that the step uses, the newest first; their number is the order minus 1.
    let earlier: [NoiseLevel]

    init(from: NoiseLevel, to: NoiseLevel, timestep: Double? = nil, earlier: [NoiseLevel] = []) {
        self.from = from
        self.to = to
        self.timestep = timestep ?? from.timestep
        self.earlier = earlier
    }

    /// The step as a linear combination z' = latent·z + output·m + Σ history_j·x̂₀_j of the latent, the model's output and
    /// the clean latents that earlier outputs stood for.
    struct Coefficients {
        var latent: Double
        var output: Double
        var history: [Double] = []
    }

    /// Lu et al. 2022, in diffusers' form. Notation: D₀ = x̂₀ at the step's beginning, D₁, D₂ earlier ones,
    /// h = λ_to - λ_from, r_j the distances of earlier levels over h.
    /// - Throws: `InputError` where an output says nothing at the level `from`.
    func coefficients(of type: PredictionType, variant: Solver.DPMSettings.Variant) throws -> Coefficients {
        let conversion = try type.conversion(at: from)
        var result = Coefficients(
            latent: to.alpha * conversion.clean.latent + to.sigma * conversion.noise.latent,
            output: to.alpha * conversion.clean.output + to.sigma * conversion.noise.output)
        let h = to.lambda - from.lambda
        guard let newest = earlier.first, h != 0 else {
            result.history = earlier.map { _ in 0 }
            return result
        }
        // First and second differences of D at the beginning, weighed by φ: Σ_j weights[j]·D_j with D₀ first.
        // 1 - exp(-h), whose terms cancel where steps are short.
        let decay = -expm1(-h)
        let r0 = (from.lambda - newest.lambda) / h
        var weights: [Double]
        if earlier.count == 1 {
            let slope = variant == .midpoint ? 0.5 * decay : 1 - decay / h
            weights = [to.alpha * slope / r0, -to.alpha * slope / r0]
        } else {
            let r1 = (newest.lambda - earlier[1].lambda) / h
            let slope = to.alpha * (1 - decay / h)
            let curvature = to.alpha * (0.5 - (h - decay) / (h * h))
            // D' = (D₀-D₁)/r₀ + r₀/(r₀+r₁)·S and D'' = S/(r₀+r₁) with S = (D₀-D₁)/r₀ - (D₁-D₂)/r₁.
            let second = (slope * r0 + curvature) / (r0 + r1)
            weights = [
                slope / r0 + second / r0, -slope / r0 - second / r0 - second / r1, second / r1,
            ]
        }
        // An earlier output from pure noise (λ = -∞) carries no weight.
        if !weights.allSatisfy(\.isFinite) { weights = weights.map { _ in 0 } }
        result.latent += weights[0] * conversion.clean.latent
        result.output += weights[0] * conversion.clean.output
        result.history = Array(weights.dropFirst())
        return result
    }
}
