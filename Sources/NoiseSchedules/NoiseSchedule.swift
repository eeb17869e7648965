import Foundation
import InputErrors

/// How much noise a model was trained to see at each timestep, and which timesteps a run visits.
///
/// Variance-preserving: α_t = √ᾱ_t, σ_t = √(1-ᾱ_t), ᾱ_t = ∏(1-β_i), T training steps. Rectified flow (Liu et al. 2023):
/// α = 1-σ, timestep T·σ. Numbers are those of diffusers, which keeps ᾱ and σ in single precision.
public struct NoiseSchedule: Sendable, Equatable {
    /// Which training steps a run visits.
    public typealias Spacing = TimestepSpacing

    /// One step of a run, the same in both directions; the model is asked at the noisy end.
    public struct Step: Sendable, Equatable {
        /// The end with less noise.
        public let clean: NoiseLevel
        /// The end with more noise.
        public let noisy: NoiseLevel
    }

    private enum Process: Sendable, Equatable {
        case variancePreserving(
            alphasCumulative: [Double], finalAlphaCumulative: Double, spacing: TimestepSpacing, stepsOffset: Int)
        case rectifiedFlow(shift: FlowShift, spacing: FlowSpacing, trainingSteps: Int)
    }

    private enum FlowShift: Sendable, Equatable {
        case fixed(Double)
        case bySize(SizeShift)
    }

    /// What a flow may be shifted by: more than any model has, and so little that no two of a run's σ fall together.
    static let shifts = 0.01...100.0
    private static let unfitted = "steps of a schedule whose shift depends on a size, without a size"

    private let process: Process

    /// A variance-preserving schedule.
    /// - Parameters:
    ///   - betas: β of every training step, in (0, 1); the last may be 1 (zero terminal SNR).
    ///   - spacing: how sampling steps are laid over the training steps.
    ///   - stepsOffset: added to every timestep of the `leading` spacing.
    ///   - setsAlphaToOne: whether the clean side of the first training step has ᾱ = 1, or that step's own.
    ///   - smallestAlphaCumulative: the least ᾱ of the last training step.
    public init(
        betas: [Float], spacing: TimestepSpacing, stepsOffset: Int = 0, setsAlphaToOne: Bool,
        smallestAlphaCumulative: Double = 0
    ) {
        precondition(!betas.isEmpty, "a schedule without steps")
        var alphasCumulative = BetaSchedule.cumulativeAlphas(betas).map(Double.init)
        alphasCumulative[betas.count - 1] = max(alphasCumulative[betas.count - 1], smallestAlphaCumulative)
        process = .variancePreserving(
            alphasCumulative: alphasCumulative, finalAlphaCumulative: setsAlphaToOne ? 1 : alphasCumulative[0],
            spacing: spacing, stepsOffset: stepsOffset)
    }

    private init(process: Process) { self.process = process }

    /// The schedule of a rectified flow; σ is moved to shift·σ / (1 + (shift-1)·σ) (Esser et al. 2024, eq. 23).
    /// - Parameters:
    ///   - shift: above 0; 1 for none.
    ///   - spacing: how the σ of a run lie before their shift.
    ///   - trainingSteps: above 0.
    public static func rectifiedFlow(
        shift: Double, spacing: FlowSpacing = .toShiftedFirstStep, trainingSteps: Int = 1000
    ) -> NoiseSchedule {
        precondition(shift > 0 && trainingSteps > 0, "shift \(shift) of \(trainingSteps) steps")
        return NoiseSchedule(
            process: .rectifiedFlow(shift: .fixed(shift), spacing: spacing, trainingSteps: trainingSteps))
    }

    /// The schedule of a rectified flow whose shift depends on the size of the latents.
    static func rectifiedFlow(shift: SizeShift, spacing: FlowSpacing, trainingSteps: Int) -> NoiseSchedule {
        NoiseSchedule(process: .rectifiedFlow(shift: .bySize(shift), spacing: spacing, trainingSteps: trainingSteps))
    }

    /// The schedule for latents of a size, which has steps; the same where it does not depend on the size.
    /// - Throws: `InputError` for a size whose shift is not from 0.01 to 100.
    public func fitted(height: Int, width: Int) throws -> NoiseSchedule {
        guard case .rectifiedFlow(.bySize(let sizeShift), let spacing, let trainingSteps) = process else { return self }
        let shift = sizeShift.shift(height: height, width: width)
        guard Self.shifts.contains(shift) else {
            throw InputError(
                "shift of the scheduler for latents of \(height)×\(width)",
                expected: "\(Self.shifts.lowerBound) to \(Self.shifts.upperBound)", found: "\(shift)",
                as: .modelConfiguration)
        }
        return .rectifiedFlow(shift: shift, spacing: spacing, trainingSteps: trainingSteps)
    }

    /// β of every training step, in single precision.
    public static func betas(_ kind: BetaSchedule, from start: Double, to end: Double, count: Int) -> [Float] {
        kind.betas(from: start, to: end, count: count)
    }

    /// Number of training steps, T.
    public var trainingSteps: Int {
        switch process {
        case .variancePreserving(let alphasCumulative, _, _, _): alphasCumulative.count
        case .rectifiedFlow(_, _, let trainingSteps): trainingSteps
        }
    }

    /// Which timesteps a run visits. The σ of a rectified flow, before their shift, are evenly spaced: `linspace`.
    public var spacing: TimestepSpacing {
        switch process {
        case .variancePreserving(_, _, let spacing, _): spacing
        case .rectifiedFlow: .linspace
        }
    }

    /// Whether the schedule is that of a rectified flow.
    public var isRectifiedFlow: Bool {
        if case .rectifiedFlow = process { true } else { false }
    }

    /// The shift of a rectified flow, fitted to a size where it depends on that; nil for a variance-preserving schedule.
    package var flowShift: Double? {
        guard case .rectifiedFlow(let shift, _, _) = process else { return nil }
        guard case .fixed(let number) = shift else { preconditionFailure(Self.unfitted) }
        return number
    }

    /// Added to the timesteps of the leading spacing.
    package var stepsOffset: Int {
        if case .variancePreserving(_, _, _, let stepsOffset) = process { stepsOffset } else { 0 }
    }

    /// The noise at a timestep. Between two training steps of a variance-preserving schedule λ is linear in the timestep;
    /// below 0 lies the clean end.
    public func level(at timestep: Double) -> NoiseLevel {
        switch process {
        case .rectifiedFlow(_, _, let trainingSteps):
            precondition(timestep <= Double(trainingSteps), "timestep \(timestep) of \(trainingSteps)")
            let sigma = max(timestep, 0) / Double(trainingSteps)
            return NoiseLevel(timestep: timestep, alpha: 1 - sigma, sigma: sigma)
        case .variancePreserving(let alphasCumulative, let finalAlphaCumulative, _, _):
            precondition(
                timestep <= Double(alphasCumulative.count - 1), "timestep \(timestep) of \(alphasCumulative.count)")
            guard timestep >= 0 else { return NoiseLevel(timestep: timestep, alphaCumulative: finalAlphaCumulative) }
            let index = Int(timestep.rounded(.down))
            let fraction = timestep - Double(index)
            let below = NoiseLevel(timestep: timestep, alphaCumulative: alphasCumulative[index])
            guard fraction > 0 else { return below }
            let above = NoiseLevel(timestep: timestep, alphaCumulative: alphasCumulative[index + 1])
            let lambda = (1 - fraction) * below.lambda + fraction * above.lambda
            return NoiseLevel(timestep: timestep, alphaCumulative: 1 / (1 + exp(-2 * lambda)))
        }
    }

    /// Where a variance-preserving schedule does not do what one must: ᾱ falls from step to step, between 1 and 0.
    /// - Parameter endsInPureNoise: whether the last ᾱ is 0 or was lifted from there, perhaps above the one before it.
    /// - Returns: nil where it does; a rectified flow does by its construction.
    func flaw(endsInPureNoise: Bool) -> String? {
        guard case .variancePreserving(let alphasCumulative, _, _, _) = process else { return nil }
        var before = 1.0
        for (step, alpha) in alphasCumulative.enumerated() {
            let isEnd = endsInPureNoise && step > 0 && step == alphasCumulative.count - 1
            guard isEnd ? (0..<1).contains(alpha) : alpha > 0 && alpha < before else {
                return "ᾱ \(alpha) at step \(step)"
            }
            before = alpha
        }
        return nil
    }

    /// The noise at a training step, or at the clean end below 0.
    public func level(at timestep: Int) -> NoiseLevel { level(at: Double(timestep)) }

    /// The steps of a run from clean to noisy; a sampler walks them backwards. A schedule whose shift depends on the size of
    /// the latents must be `fitted` first.
    ///
    /// As in diffusers, the clean end of a variance-preserving step lies ⌊T/n⌋ below the noisy one even where the
    /// timesteps are spaced otherwise.
    /// - Throws: `InputError` where the count is not from 1 to the number of training steps, or a timestep of the
    ///   offset spacing lies beyond the last.
    public func steps(_ count: Int) throws -> [Step] {
        guard (1...trainingSteps).contains(count) else {
            throw InputError("steps", expected: "1 to \(trainingSteps)", found: "\(count)", as: .invalidSetting)
        }
        switch process {
        case .rectifiedFlow(.fixed(let shift), let spacing, let trainingSteps):
            return Self.flowSteps(count, shift, spacing, trainingSteps)
        case .rectifiedFlow(.bySize, _, _): preconditionFailure(Self.unfitted)
        case .variancePreserving(_, _, let spacing, let stepsOffset):
            let timesteps = spacing.timesteps(count, of: trainingSteps, stepsOffset: stepsOffset)
            guard timesteps[count - 1] < trainingSteps else {
                throw InputError(
                    "steps", expected: "timesteps below \(trainingSteps) with the offset \(stepsOffset)",
                    found: "\(timesteps[count - 1]) for \(count) steps", as: .invalidSetting)
            }
            return timesteps.map { Step(clean: level(at: $0 - trainingSteps / count), noisy: level(at: $0)) }
        }
    }

    /// As diffusers' `FlowMatchEulerDiscreteScheduler`.
    private static func flowSteps(
        _ count: Int, _ shift: Double, _ spacing: FlowSpacing, _ trainingSteps: Int
    ) -> [Step] {
        func shifted(_ sigma: Double) -> Double { shift * sigma / (1 + (shift - 1) * sigma) }
        let smallest = spacing.smallest(count, trainingSteps: trainingSteps, shifted: shifted)
        let stride = count > 1 ? (1 - smallest) / Double(count - 1) : 0
        let sigmas = [0] + (0..<count).reversed().map { Double(Float(shifted(1 - Double($0) * stride))) }
        let levels = sigmas.map { NoiseLevel(timestep: $0 * Double(trainingSteps), alpha: 1 - $0, sigma: $0) }
        return zip(levels, levels.dropFirst()).map { Step(clean: $0, noisy: $1) }
    }
}
