import Foundation
import InputErrors
import NoiseSchedules

extension NoiseSchedule {
    /// The steps of a sampling run, from noise to clean. A shift by size must be fitted.
    /// - Throws: `InputError` for a number of steps that the schedule does not have, or a solver that it does not suit.
    func samplingSteps(_ count: Int, by solver: Solver) throws -> [SolverStep] {
        switch solver {
        case .flow where !isRectifiedFlow:
            throw InputError(
                "solver", expected: "ddim or a dpm++ on a variance-preserving schedule", found: "flow",
                as: .invalidSetting)
        case .ddim, .flow:
            return try steps(count).reversed().map { SolverStep(from: $0.noisy, to: $0.clean) }
        case .dpm(let settings):
            return Self.multistep(try solverLevels(count, settings).reversed(), settings)
        }
    }

    /// The steps of naive inversion, from clean to noise. DDIM and flows walk the sampling run backwards and ask the model
    /// at the noisy end; the DPM-Solvers solve the ODE upwards, asking at the level where they are (diffusers'
    /// `DPMSolverMultistepInverseScheduler`).
    /// - Throws: as `samplingSteps`.
    func inversionSteps(_ count: Int, by solver: Solver) throws -> [SolverStep] {
        guard case .dpm(let settings) = solver else {
            return try samplingSteps(count, by: solver).reversed().map {
                SolverStep(from: $0.to, to: $0.from, timestep: $0.timestep)
            }
        }
        return Self.multistep(try inverseSolverLevels(count, settings), settings)
    }

    private static func multistep(_ levels: [NoiseLevel], _ settings: Solver.DPMSettings) -> [SolverStep] {
        let count = levels.count - 1
        return (0..<count).map { index in
            let order = settings.order(index, of: count, endsWithoutNoise: levels[count].sigma == 0)
            return SolverStep(
                from: levels[index], to: levels[index + 1],
                earlier: (1..<max(order, 1)).map { levels[index - $0] })
        }
    }

    /// The n + 1 levels of a DPM-Solver's sampling run, ascending: n of the model's and the clean end, as in diffusers.
    private func solverLevels(_ count: Int, _ settings: Solver.DPMSettings) throws -> [NoiseLevel] {
        try requireSteps(count)
        if let levels = try flowLevels(count, settings) { return levels }
        if settings.usesKarrasSigmas { return [cleanEnd(settings)] + (try karrasLevels(count, single: 1)) }
        let timesteps: [Int] =
            switch spacing {
            case .linspace:
                Array(spacing.timesteps(count + 1, of: trainingSteps, stepsOffset: 0).dropFirst())
            case .leading: (1...count).map { $0 * (trainingSteps / (count + 1)) + stepsOffset }
            case .trailing: spacing.timesteps(count, of: trainingSteps, stepsOffset: 0)
            }
        return [cleanEnd(settings)] + (try levels(timesteps))
    }

    /// The n + 1 levels of a DPM-Solver's naive inversion, ascending: n where the model is asked and the noisy end.
    private func inverseSolverLevels(_ count: Int, _ settings: Solver.DPMSettings) throws -> [NoiseLevel] {
        try requireSteps(count)
        if let levels = try flowLevels(count, settings) { return levels }
        if settings.usesKarrasSigmas {
            let levels = try karrasLevels(count, single: 0)
            return levels + [levels[count - 1]]
        }
        let timesteps: [Int] =
            switch spacing {
            case .linspace:
                Array(spacing.timesteps(count + 1, of: trainingSteps, stepsOffset: 0).dropLast())
            case .leading: (0..<count).map { $0 * (trainingSteps / (count + 1)) + stepsOffset }
            case .trailing: spacing.timesteps(count, of: trainingSteps, stepsOffset: 0)
            }
        return try levels(timesteps) + [level(at: trainingSteps - 1)]
    }

    /// Whatever the clean end of the schedule's own steps: a DPM-Solver has a setting of its own.
    private func cleanEnd(_ settings: Solver.DPMSettings) -> NoiseLevel {
        let first = level(at: 0)
        return settings.endsWithoutNoise
            ? NoiseLevel(timestep: -1, alpha: 1, sigma: 0)
            : NoiseLevel(timestep: -1, alpha: first.alpha, sigma: first.sigma)
    }

    private func requireSteps(_ count: Int) throws {
        guard (1..<trainingSteps).contains(count) else {
            throw InputError("steps", expected: "1 to \(trainingSteps - 1)", found: "\(count)", as: .invalidSetting)
        }
    }

    private func levels(_ timesteps: [Int]) throws -> [NoiseLevel] {
        guard let last = timesteps.last, last < trainingSteps else {
            throw InputError(
                "steps", expected: "timesteps below \(trainingSteps)", found: "\(timesteps.last ?? 0)",
                as: .invalidSetting)
        }
        return timesteps.map { level(at: $0) }
    }

    /// Levels of a flow from its clean end; the noisy end stays one training step away from pure noise.
    private func flowLevels(_ count: Int, _ settings: Solver.DPMSettings) throws -> [NoiseLevel]? {
        guard let shift = flowShift else { return nil }
        guard !settings.usesKarrasSigmas else {
            throw InputError(
                "solver", expected: "one without -karras for a rectified flow", found: "-karras", as: .invalidSetting)
        }
        let total = Double(trainingSteps)
        return (0...count).map { index in
            let plain = Double(index) * (1 - 1 / total) / Double(count)
            let sigma = shift * plain / (1 + (shift - 1) * plain)
            return NoiseLevel(timestep: (sigma * total).rounded(.down), alpha: 1 - sigma, sigma: sigma)
        }
    }

    /// Karras et al. 2022, eq. 5 with ρ = 7 between the schedule's own ends, ascending; the model is told the nearest
    /// timestep.
    /// - Parameter single: where a single level lies, 0 at the least noise and 1 at the most.
    /// - Throws: `InputError` for a schedule that ends in pure noise, which no such level reaches.
    private func karrasLevels(_ count: Int, single: Double) throws -> [NoiseLevel] {
        let noise = (0..<trainingSteps).map { step -> Double in
            let level = level(at: step)
            return level.sigma / level.alpha
        }
        guard noise[trainingSteps - 1].isFinite else {
            throw InputError(
                "solver", expected: "one without -karras for a schedule that ends in pure noise", found: "-karras",
                as: .invalidSetting)
        }
        let (low, high) = (pow(noise[0], 1.0 / 7), pow(noise[trainingSteps - 1], 1.0 / 7))
        return (0..<count).map { index in
            let share = count == 1 ? single : Double(index) / Double(count - 1)
            let sigma = pow(low + share * (high - low), 7)
            let alpha = 1 / (1 + sigma * sigma).squareRoot()
            return NoiseLevel(
                timestep: Self.nearestTimestep(to: sigma, in: noise), alpha: alpha, sigma: sigma * alpha)
        }
    }

    private static func nearestTimestep(to sigma: Double, in noise: [Double]) -> Double {
        var (low, high) = (0, noise.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if noise[middle] <= sigma { low = middle } else { high = middle }
        }
        let share = (log(sigma) - log(noise[low])) / (log(noise[high]) - log(noise[low]))
        return (Double(low) + min(max(share, 0), 1)).rounded(.toNearestOrEven)
    }
}
