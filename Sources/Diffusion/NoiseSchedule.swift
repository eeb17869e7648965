import Foundation
import Tensors

/// The variance-preserving noise schedule of a diffusion model: z_t = α_t·x₀ + σ_t·ε with α_t = √ᾱ_t, σ_t = √(1-ᾱ_t) and
/// ᾱ_t = ∏(1-β_i), as diffusers computes it (β in single precision, the product in double, rounded to single).
public struct NoiseSchedule: Sendable, Equatable {
    /// How the β run from the first to the last training step.
    public enum BetaSchedule: String, Sendable, CaseIterable {
        case linear
        /// Linear in √β (Rombach et al. 2022).
        case scaledLinear = "scaled_linear"
    }

    /// Which training steps a run of n steps visits (Lin et al. 2024, table 2; names as in diffusers).
    public enum Spacing: String, Sendable, CaseIterable {
        case leading, linspace, trailing
    }

    /// ᾱ_t of every training step.
    public let alphasCumulative: [Double]
    public let spacing: Spacing
    /// Added to every timestep of the `leading` spacing.
    public let stepsOffset: Int
    /// ᾱ on the clean side of the first training step: 1, or that step's own.
    public let finalAlphaCumulative: Double

    /// - Parameters:
    ///   - betas: β of every training step, in (0, 1).
    ///   - setsAlphaToOne: whether the clean end is ᾱ = 1.
    public init(betas: [Float], spacing: Spacing, stepsOffset: Int = 0, setsAlphaToOne: Bool) {
        precondition(!betas.isEmpty, "a schedule without steps")
        var product = 1.0
        alphasCumulative = betas.map { beta in
            product *= Double(1 - beta)
            return Double(Float(product))
        }
        self.spacing = spacing
        self.stepsOffset = stepsOffset
        finalAlphaCumulative = setsAlphaToOne ? 1 : alphasCumulative[0]
    }

    /// β of every training step, in single precision.
    public static func betas(_ kind: BetaSchedule, from start: Double, to end: Double, count: Int) -> [Float] {
        switch kind {
        case .linear: linspace(Float(start), Float(end), count)
        case .scaledLinear: linspace(Float(start.squareRoot()), Float(end.squareRoot()), count).map { $0 * $0 }
        }
    }

    /// From both ends to the middle, as PyTorch rounds it.
    private static func linspace(_ start: Float, _ end: Float, _ count: Int) -> [Float] {
        guard count > 1 else { return [start] }
        let step = (end - start) / Float(count - 1)
        return (0..<count).map { $0 < count / 2 ? start + step * Float($0) : end - step * Float(count - 1 - $0) }
    }

    /// Number of training steps.
    public var trainingSteps: Int { alphasCumulative.count }

    /// ᾱ at a timestep; the clean end below 0.
    public func alphaCumulative(at timestep: Int) -> Double {
        precondition(timestep < trainingSteps, "timestep \(timestep) of \(trainingSteps)")
        return timestep < 0 ? finalAlphaCumulative : alphasCumulative[timestep]
    }

    /// The steps of a run from clean to noisy; a sampler walks them backwards. Each leads from a timestep (below 0: the
    /// clean end) to the one at which the model is asked, in both directions.
    /// - Throws: `InputError` where the count is not from 1 to the number of training steps, or a timestep of the
    ///   offset spacing lies beyond the last.
    public func steps(_ count: Int) throws -> [(clean: Int, noisy: Int)] {
        guard (1...trainingSteps).contains(count) else {
            throw InputError("steps", expected: "1 to \(trainingSteps)", found: "\(count)")
        }
        let total = Double(trainingSteps)
        let timesteps: [Int]
        switch spacing {
        case .leading: timesteps = (0..<count).map { $0 * (trainingSteps / count) + stepsOffset }
        case .linspace:
            timesteps = (0..<count).map { index in
                count == 1
                    ? 0 : Int((Double(index) * (total - 1) / Double(count - 1)).rounded(.toNearestOrEven))
            }
        case .trailing:
            timesteps = (0..<count).reversed().map { index in
                Int((total - Double(index) * total / Double(count)).rounded(.toNearestOrEven)) - 1
            }
        }
        guard let last = timesteps.last, last < trainingSteps else {
            throw InputError(
                "steps", expected: "timesteps below \(trainingSteps) with the offset \(stepsOffset)",
                found: "\(timesteps.last ?? 0) for \(count) steps")
        }
        return timesteps.map { (clean: $0 - trainingSteps / count, noisy: $0) }
    }
}
