import Diffusion
import InputErrors
import NoiseSchedules
import TensorFiles
import Tensors
import TestSupport
import Testing

/// DDIM in both directions against diffusers' `DDIMScheduler` and `DDIMInverseScheduler`.
struct DDIMTests {
    static let counts = [1, 2, 5, 10, 25, 50]
    private let shape = LatentShape(channels: 2, height: 3, width: 5)
    private let golden: SafetensorsFile
    private let start: Tensor

    init() throws {
        golden = try SafetensorsFile(contentsOf: Fixtures.url("Diffusion/ddim.safetensors").path)
        start = try golden.tensor(named: "start")
    }

    // 50 steps of single-precision arithmetic in diffusers: about 50·2⁻²⁴ = 3e-6 of the largest element.
    @Test(arguments: [PredictionType.epsilon, .vPrediction, .sample], TimestepSpacing.allCases)
    func runsAreThoseOfDiffusers(_ type: PredictionType, _ spacing: TimestepSpacing) throws {
        var compared = 0
        for setsAlphaToOne in [false, true] {
            let schedule = NoiseSchedule.stableDiffusion(spacing, setsAlphaToOne: setsAlphaToOne)
            for (name, predictor) in [
                ("constant", FunctionPredictor.constant(type, shape)), ("linear", .linear(type, shape)),
            ] {
                let ddim = DiffusionSolver(.ddim, schedule: schedule, predictor: predictor)
                for count in Self.counts {
                    let key =
                        "\(name).\(type.rawValue).\(spacing.rawValue).\(setsAlphaToOne ? "one" : "first").\(count)"
                    expectClose(
                        try ddim.sample(start, steps: count, guidance: .none(nil)),
                        try golden.tensor(named: "sample." + key), relative: 1e-5, "sample \(key)")
                    compared += 1
                    guard golden.shape(of: "invert." + key) != nil else { continue }
                    expectClose(
                        try ddim.invert(start, steps: count, guidance: .none(nil)),
                        try golden.tensor(named: "invert." + key), relative: 1e-5, "invert \(key)")
                    compared += 1
                }
            }
        }
        #expect(compared == (spacing == .linspace ? 24 : type == .sample ? 36 : 48))
    }

    @Test(arguments: counts)
    func zeroTerminalSNRIsThatOfDiffusers(_ count: Int) throws {
        let betas = BetaSchedule.rescaledToZeroTerminalSNR(
            NoiseSchedule.betas(.scaledLinear, from: 0.00085, to: 0.012, count: 1000))
        let ddim = DiffusionSolver(
            .ddim, schedule: NoiseSchedule(betas: betas, spacing: .trailing, setsAlphaToOne: true),
            predictor: FunctionPredictor.linear(.vPrediction, shape))
        expectClose(
            try ddim.sample(start, steps: count, guidance: .none(nil)),
            try golden.tensor(named: "zero_snr.sample.\(count)"), relative: 1e-5)
        expectClose(
            try ddim.invert(start, steps: count, guidance: .none(nil)),
            try golden.tensor(named: "zero_snr.invert.\(count)"), relative: 1e-5)
    }

    // One step out and one back, each of whose elements is rounded once; α_999 = 0.068 magnifies the rounding of z.
    @Test(arguments: PredictionType.allCases)
    func aStepAndItsReverseWithOneOutputCancel(_ type: PredictionType) throws {
        let schedule = NoiseSchedule.stableDiffusion(.leading)
        let ddim = DiffusionSolver(.ddim, schedule: schedule, predictor: FunctionPredictor.constant(type, shape))
        let (near, far) = (schedule.level(at: 20), schedule.level(at: 999))
        let (clean, noise) = (start, Tensor(normal: start.shape, seed: 1))
        func latents(at level: NoiseLevel) -> Tensor { .combination((level.alpha, clean), (level.sigma, noise)) }
        func output(at level: NoiseLevel) -> Tensor { type.output(clean: clean, noise: noise, at: level) }
        expectClose(
            try ddim.step(latents(at: near), output(at: near), from: near, to: far), latents(at: far), relative: 1e-6)
        expectClose(
            try ddim.step(latents(at: far), output(at: far), from: far, to: near), latents(at: near), relative: 1e-5)
        let parts = try type.cleanAndNoise(latents(at: far), output: output(at: far), at: far)
        expectClose(parts.clean, clean, relative: 1e-5)
        expectClose(parts.noise, noise, relative: 1e-5)
    }

    // x̂₀ = (z - σε)/α grows by 1/α_999 = 15: 15 · 50 · 2⁻²⁴ = 4e-5.
    @Test(arguments: counts)
    func inversionOfAConstantNoiseIsExact(_ count: Int) throws {
        let ddim = DiffusionSolver(
            .ddim, schedule: .stableDiffusion(.trailing, setsAlphaToOne: true),
            predictor: FunctionPredictor.constant(.epsilon, shape))
        let clean = try ddim.sample(start, steps: count, guidance: .none(nil))
        expectClose(try ddim.invert(clean, steps: count, guidance: .none(nil)), start, relative: 5e-5)
    }

    @Test func outputsThatSayNothingAreRefused() throws {
        let clean = NoiseSchedule.stableDiffusion(.leading, setsAlphaToOne: true)
        let sample = DiffusionSolver(.ddim, schedule: clean, predictor: FunctionPredictor.linear(.sample, shape))
        #expect(
            throws: InputError(
                "prediction type", expected: "epsilon or v_prediction without noise", found: "sample",
                as: .modelConfiguration)
        ) { try sample.invert(start, steps: 5, guidance: .none(nil)) }
        let pure = NoiseSchedule(betas: [0.5, 1], spacing: .trailing, setsAlphaToOne: true)
        let epsilon = DiffusionSolver(.ddim, schedule: pure, predictor: FunctionPredictor.linear(.epsilon, shape))
        #expect(
            throws: InputError(
                "prediction type", expected: "v_prediction or sample in pure noise (zero SNR)", found: "epsilon",
                as: .modelConfiguration)
        ) { try epsilon.sample(start, steps: 2, guidance: .none(nil)) }
    }

    @Test func aNaNStopsTheRunAtItsStep() throws {
        let schedule = NoiseSchedule.stableDiffusion(.leading)
        let broken = FunctionPredictor(predictionType: .epsilon, latentShape: shape) { latents, timestep in
            timestep > 300 ? latents.mapped { _ in .nan } : latents
        }
        var seen = 0
        let error = #expect(throws: InputError.self) {
            try DiffusionSolver(.ddim, schedule: schedule, predictor: broken)
                .invert(start, steps: 10, guidance: .none(nil)) { seen = $0 }
        }
        #expect(error?.code == .notFinite && error?.found == "NaN or infinity after step 4 of 10")
        #expect(seen == 3)
    }

    @Test func aWalkYieldsEveryIterateAndCanBeStopped() throws {
        let ddim = DiffusionSolver(
            .ddim, schedule: .stableDiffusion(.leading), predictor: FunctionPredictor.linear(.epsilon, shape))
        var walk = try ddim.sampling(start, steps: 5, guidance: .none(nil))
        #expect(walk.count == 5)
        var levels: [Double] = []
        while let iterate = try walk.next() {
            levels.append(iterate.level.timestep)
            #expect(iterate.step == levels.count)
        }
        #expect(levels == [601, 401, 201, 1, -199])
        expectClose(
            walk.latents, try ddim.sample(start, steps: 5, guidance: .none(nil)))
        var partial = try ddim.sampling(start, steps: 5, guidance: .none(nil))
        let first = try #require(try partial.next())
        expectClose(partial.latents, first.latents)
    }

}
