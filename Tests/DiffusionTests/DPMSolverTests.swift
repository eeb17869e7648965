import Diffusion
import Foundation
import InputErrors
import Models
import NoiseSchedules
import TensorFiles
import Tensors
import TestSupport
import Testing

/// DPM-Solver++ in both directions against diffusers' `DPMSolverMultistepScheduler` and `DPMSolverMultistepInverseScheduler`.
struct DPMSolverTests {
    typealias Settings = Solver.DPMSettings

    static let counts = [1, 2, 5, 10, 25, 50]
    private let shape = LatentShape(channels: 2, height: 3, width: 5)
    private let golden: SafetensorsFile
    private let start: Tensor

    init() throws {
        golden = try SafetensorsFile(contentsOf: Fixtures.url("Diffusion/dpm.safetensors").path)
        start = try golden.tensor(named: "start")
    }

    private func mixture(_ schedule: NoiseSchedule) -> GaussianMixturePredictor {
        func mean(_ value: Float) -> Tensor {
            Tensor([Float](repeating: value, count: shape.count), shape: [2, 3, 5])
        }
        return GaussianMixturePredictor(
            components: [
                .init(weight: 2, mean: mean(0.6), variance: 0.09), .init(weight: 1, mean: mean(-0.4), variance: 0.25),
            ], schedule: schedule, predictionType: .epsilon, latentShape: shape)
    }

    /// Compares every run of one set of options. diffusers takes the latent apart in single precision: inverting in one or
    /// two steps over the whole schedule, where σ grows 500-fold, it loses two digits by cancellation.
    private func compare(
        _ name: String, _ settings: Settings, _ spacing: TimestepSpacing, endsWithoutNoise: Bool = true
    ) throws -> (samples: Int, inversions: Int) {
        let schedule = NoiseSchedule.stableDiffusion(spacing, setsAlphaToOne: endsWithoutNoise)
        var settings = settings
        settings.endsWithoutNoise = endsWithoutNoise
        var compared = (samples: 0, inversions: 0)
        let predictors: [(String, any NoisePredictor)] = [
            ("constant", FunctionPredictor.constant(.epsilon, shape)),
            ("linear", FunctionPredictor.linear(.epsilon, shape)),
            ("linear", FunctionPredictor.linear(.vPrediction, shape)),
            ("linear", FunctionPredictor.linear(.sample, shape)), ("mixture", mixture(schedule)),
        ]
        for (predictorName, predictor) in predictors {
            let solver = DiffusionSolver(.dpm(settings), schedule: schedule, predictor: predictor)
            for count in Self.counts {
                let key = "\(predictorName).\(predictor.predictionType.rawValue).\(name).\(count)"
                if golden.shape(of: "sample." + key) != nil {
                    expectClose(
                        try solver.sample(start, steps: count, guidance: .none(nil)),
                        try golden.tensor(named: "sample." + key), relative: 1e-5, "sample \(key)")
                    compared.samples += 1
                }
                if golden.shape(of: "invert." + key) != nil {
                    expectClose(
                        try solver.invert(start, steps: count, guidance: .none(nil)),
                        try golden.tensor(named: "invert." + key), relative: count <= 2 ? 4e-5 : 1e-5, "invert \(key)")
                    compared.inversions += 1
                }
            }
        }
        return compared
    }

    @Test(arguments: [1, 2, 3], TimestepSpacing.allCases)
    func runsAreThoseOfDiffusers(_ order: Int, _ spacing: TimestepSpacing) throws {
        let settings = Settings(order: order)
        let zero = try compare("\(order).\(spacing.rawValue).zero", settings, spacing)
        #expect(zero.samples == 30 && zero.inversions == 0)
        let least = try compare(
            "\(order).\(spacing.rawValue).sigma_min", settings, spacing, endsWithoutNoise: false)
        #expect(least.samples == 30 && least.inversions >= 20)
    }

    @Test(arguments: [1, 2, 3])
    func karrasLevelsAreThoseOfDiffusers(_ order: Int) throws {
        let compared = try compare("\(order).karras", Settings(order: order, usesKarrasSigmas: true), .linspace)
        #expect(compared.samples == 30 && compared.inversions > 0)
    }

    @Test func variantsAreThoseOfDiffusers() throws {
        #expect(try compare("2.heun", Settings(variant: .heun), .linspace).samples == 30)
        let full = Settings(order: 3, lowersFinalOrder: false)
        #expect(try compare("3.full", full, .linspace, endsWithoutNoise: false).samples == 30)
        let euler = Settings(endsWithEuler: true)
        #expect(try compare("2.euler", euler, .linspace, endsWithoutNoise: false).samples == 30)
    }

    @Test(arguments: [1, 2, 3], counts)
    func flowsAreThoseOfDiffusers(_ order: Int, _ count: Int) throws {
        let solver = DiffusionSolver(
            .dpm(Settings(order: order)), schedule: .rectifiedFlow(shift: 3),
            predictor: FunctionPredictor.linear(.flow, shape))
        expectClose(
            try solver.sample(start, steps: count, guidance: .none(nil)),
            try golden.tensor(named: "sample.flow.\(order).\(count)"), relative: 1e-5)
    }

    // Of one Gaussian the ODE's solution is known. λ must be smooth in the timestep for an order to show: β of the first
    // training step is large, so that the clean end lies at σ/α = 0.3. The first steps of a run are of lower order.
    @Test(arguments: [1, 2, 3])
    func theErrorFallsWithTheOrder(_ order: Int) throws {
        let betas = [0.09] + NoiseSchedule.betas(.linear, from: 0.0001, to: 0.008, count: 999)
        let schedule = NoiseSchedule(betas: betas, spacing: .linspace, setsAlphaToOne: false)
        let mean = Tensor([1, -0.5, 0.25], shape: [1, 1, 3])
        let predictor = GaussianMixturePredictor(
            components: [.init(weight: 1, mean: mean, variance: 0.25)], schedule: schedule, predictionType: .sample,
            latentShape: LatentShape(channels: 1, height: 1, width: 3))
        let noise = Tensor([1.5, -0.75, 0.5], shape: [1, 1, 1, 3])
        let (start, end) = (schedule.level(at: 999), schedule.level(at: 0))
        func spread(_ level: NoiseLevel) -> Double {
            (level.alpha * level.alpha * 0.25 + level.sigma * level.sigma).squareRoot()
        }
        let exact = zip(noise.elements, mean.elements).map { z, mean in
            end.alpha * Double(mean) + spread(end) * (Double(z) - start.alpha * Double(mean)) / spread(start)
        }
        let errors = try [27, 37, 111].map { count in
            let solver = DiffusionSolver(
                .dpm(Settings(order: order, lowersFinalOrder: false, endsWithoutNoise: false)), schedule: schedule,
                predictor: predictor)
            let clean = try solver.sample(noise, steps: count, guidance: .none(nil))
            return zip(clean.elements, exact).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
        }
        let rate = log(errors[0] / errors[2]) / log(111.0 / 27)
        #expect(abs(rate - Double(order)) < 0.4, "errors \(errors)")
    }

    @Test(arguments: ["ddim", "dpm++1", "dpm++2m", "dpm++3m", "flow", "dpm++2m-karras"])
    func namesAreWrittenAsTheyAreRead(_ name: String) throws {
        #expect(try Solver(parsing: name).description == name)
    }

    @Test(arguments: ["", "euler", "dpm++4m", "ddim-karras", "flow-karras", "dpm++2"])
    func otherNamesAreRefused(_ name: String) {
        #expect(refusalCode { try Solver(parsing: name) } == .invalidSetting)
    }

    @Test func whatASolverCannotDoIsRefused() throws {
        let flow = NoiseSchedule.rectifiedFlow(shift: 1)
        let velocity = FunctionPredictor.linear(.flow, shape)
        let karras = DiffusionSolver(.dpm(Settings(usesKarrasSigmas: true)), schedule: flow, predictor: velocity)
        #expect(refusalCode { try karras.sample(start, steps: 4, guidance: .none(nil)) } == .invalidSetting)
        let noise = FunctionPredictor.linear(.epsilon, shape)
        for (solver, count) in [(Solver.flow, 4), (.dpm(Settings()), 0), (.dpm(Settings()), 1000)] {
            let unable = DiffusionSolver(solver, schedule: .stableDiffusion(.leading), predictor: noise)
            #expect(refusalCode { try unable.sample(start, steps: count, guidance: .none(nil)) } == .invalidSetting)
        }
    }
}
