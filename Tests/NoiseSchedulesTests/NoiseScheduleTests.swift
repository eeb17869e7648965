import Foundation
import InputErrors
import NoiseSchedules
import TensorFiles
import TestSupport
import Testing

/// Schedules against the numbers of diffusers (Fixtures/Diffusion/make_diffusion.py).
struct NoiseScheduleTests {
    private static func betas(_ name: String) -> [Float] {
        switch name {
        case "linear": NoiseSchedule.betas(.linear, from: 0.0001, to: 0.02, count: 1000)
        case "scaled_linear": NoiseSchedule.betas(.scaledLinear, from: 0.00085, to: 0.012, count: 1000)
        case "scaled_linear_7": NoiseSchedule.betas(.scaledLinear, from: 0.00085, to: 0.012, count: 7)
        case "squaredcos_cap_v2": NoiseSchedule.betas(.squaredCosine, from: 0, to: 0, count: 1000)
        case "trained": [0.5, 0.25, 0.125, 0.3]
        default: BetaSchedule.rescaledToZeroTerminalSNR(betas("scaled_linear"))
        }
    }

    // ᾱ is diffusers' single-precision number to the last bit; squaring a rounded root in Double leaves less than 2⁻⁵⁰.
    @Test(arguments: ["linear", "scaled_linear", "scaled_linear_7", "squaredcos_cap_v2", "trained"])
    func alphasAreThoseOfDiffusers(_ name: String) throws {
        let file = try SafetensorsFile(contentsOf: Fixtures.url("Diffusion/schedules.safetensors").path)
        let expected = try file.tensor(named: name).elements
        let schedule = NoiseSchedule(betas: Self.betas(name), spacing: .leading, setsAlphaToOne: true)
        #expect(schedule.trainingSteps == expected.count && !expected.isEmpty)
        for (timestep, alphaCumulative) in expected.enumerated() {
            let level = schedule.level(at: timestep)
            let error = abs(level.alpha * level.alpha - Double(alphaCumulative))
            #expect(error <= 0x1p-50 * Double(alphaCumulative), "ᾱ at \(timestep) of \(name)")
            #expect(abs(level.alpha * level.alpha + level.sigma * level.sigma - 1) < 1e-14)
        }
    }

    // PyTorch's vectorised square root is off by its last bit in places, and so are the four roundings after it in single
    // precision: √ᾱ ≤ 1 agrees to 4·2⁻²⁴.
    @Test func zeroTerminalSNRIsThatOfDiffusers() throws {
        let file = try SafetensorsFile(contentsOf: Fixtures.url("Diffusion/schedules.safetensors").path)
        let expected = try file.tensor(named: "scaled_linear_zero_snr").elements.map { Double($0).squareRoot() }
        let schedule = NoiseSchedule(betas: Self.betas("zero_snr"), spacing: .trailing, setsAlphaToOne: true)
        expectClose(expected.indices.map { schedule.level(at: $0).alpha }, expected, absolute: 0x1p-22)
        #expect(schedule.level(at: 999).alpha == 0)
    }

    @Test func lambdaIsHalfTheLogSignalToNoiseRatio() {
        let schedule = NoiseSchedule.stableDiffusion(.leading, setsAlphaToOne: true)
        let level = schedule.level(at: 400)
        #expect(abs(exp(2 * level.lambda) - level.alpha * level.alpha / (level.sigma * level.sigma)) < 1e-12)
        #expect(schedule.level(at: -1).lambda == .infinity)
        let zeroSNR = NoiseSchedule(betas: Self.betas("zero_snr"), spacing: .trailing, setsAlphaToOne: true)
        #expect(zeroSNR.level(at: 999).lambda == -.infinity)
        let between = schedule.level(at: 400.25).lambda
        #expect(abs(between - (0.75 * level.lambda + 0.25 * schedule.level(at: 401).lambda)) < 1e-12)
    }

    @Test func theCleanEndIsOneOrTheFirstTrainingStep() {
        #expect(NoiseSchedule.stableDiffusion(.leading, setsAlphaToOne: true).level(at: -20).sigma == 0)
        let schedule = NoiseSchedule.stableDiffusion(.leading)
        #expect(schedule.level(at: -20).alpha == schedule.level(at: 0).alpha)
        #expect(schedule.level(at: 0).sigma > 0.029)
    }

    private struct Spacings: Decodable {
        let sums: [Int]
        let full: [String: [Int]]
    }

    @Test(arguments: TimestepSpacing.allCases)
    func everyStepCountVisitsTheTimestepsOfDiffusers(_ spacing: TimestepSpacing) throws {
        let data = try Data(contentsOf: Fixtures.url("Diffusion/spacings.json"))
        let expected = try #require(try JSONDecoder().decode([String: Spacings].self, from: data)[spacing.rawValue])
        #expect(expected.sums.count == 1000)
        for (index, sum) in expected.sums.enumerated() {
            let timesteps = spacing.timesteps(index + 1, of: 1000, stepsOffset: 0)
            #expect(timesteps.count == index + 1)
            #expect(timesteps.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element } == sum, "\(index + 1) steps")
        }
        #expect(expected.full.count == 11)
        for (count, timesteps) in expected.full {
            #expect(spacing.timesteps(try #require(Int(count)), of: 1000, stepsOffset: 0) == timesteps)
        }
    }

    @Test func stepsLeadFromCleanToNoisy() throws {
        let steps = try NoiseSchedule.stableDiffusion(.leading).steps(4)
        #expect(steps.map(\.noisy.timestep) == [1, 251, 501, 751])
        #expect(steps.map(\.clean.timestep) == [-249, 1, 251, 501])
    }

    @Test(arguments: [
        (0, TimestepSpacing.leading, "steps: expected 1 to 1000, found 0"),
        (-3, .trailing, "steps: expected 1 to 1000, found -3"),
        (1001, .linspace, "steps: expected 1 to 1000, found 1001"),
        (1000, .leading, "steps: expected timesteps below 1000 with the offset 1, found 1000 for 1000 steps"),
    ])
    func impossibleStepCountsAreRefused(_ count: Int, _ spacing: TimestepSpacing, _ message: String) {
        let error = #expect(throws: InputError.self) { try NoiseSchedule.stableDiffusion(spacing).steps(count) }
        #expect(error?.code == .invalidSetting && error?.description == message)
    }
}
