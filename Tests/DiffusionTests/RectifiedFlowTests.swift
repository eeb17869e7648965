import Diffusion
import Foundation
import NoiseSchedules
import Tensors
import TestSupport
import Testing

/// The rectified flow against diffusers' `FlowMatchEulerDiscreteScheduler`.
struct RectifiedFlowTests {
    private struct Row: Decodable {
        let shift: Double
        let count: Int
        let timesteps: [Double]
        let sigmas: [Double]
        let latents: [Float]
    }

    private let shape = LatentShape(channels: 2, height: 2, width: 3)
    private let rows: [Row]

    init() throws {
        rows = try JSONDecoder().decode([Row].self, from: Data(contentsOf: Fixtures.url("Diffusion/flow.json")))
    }

    // diffusers keeps σ and T·σ in single precision: two roundings, 2⁻²³.
    @Test func levelsAreThoseOfDiffusers() throws {
        #expect(rows.count == 12)
        for row in rows {
            let steps = try NoiseSchedule.rectifiedFlow(shift: row.shift).steps(row.count)
            expectClose(steps.reversed().map(\.noisy.timestep), row.timesteps, relative: 0x1p-22, "\(row.count) steps")
            expectClose(steps.reversed().map(\.clean.sigma), Array(row.sigmas.dropFirst()), relative: 0x1p-22)
        }
    }

    // At most 50 steps of single-precision arithmetic in diffusers: 50·2⁻²⁴ = 3e-6.
    @Test func samplingIsThatOfDiffusers() throws {
        let noise = Tensor((0..<12).map { Float(-2 + 4 * Double($0) / 11) }, shape: shape.tensorShape())
        for row in rows {
            let flow = DiffusionSolver(
                .ddim, schedule: .rectifiedFlow(shift: row.shift), predictor: FunctionPredictor.linear(.flow, shape))
            let latents = try flow.sample(noise, steps: row.count, guidance: .none(nil))
            expectClose(latents.elements, row.latents, relative: 1e-5, "shift \(row.shift), \(row.count) steps")
        }
    }

    // A straight flow is taken back exactly but for the rounding of each of 10 steps either way.
    @Test func aConstantVelocityIsInvertedExactly() throws {
        let flow = DiffusionSolver(
            .ddim, schedule: .rectifiedFlow(shift: 3), predictor: FunctionPredictor.constant(.flow, shape))
        let noise = Tensor(normal: shape.tensorShape(batch: 2), seed: 5)
        let clean = try flow.sample(noise, steps: 10, guidance: .none(nil))
        expectClose(try flow.invert(clean, steps: 10, guidance: .none(nil)), noise, relative: 2e-6)
    }

    /// The shift by size follows the latents of a run, whatever size the predictor was trained on.
    private func bySize(_ pipeline: String) throws -> NoiseSchedule {
        try SchedulerConfiguration(
            data: Data(#"{"_class_name": "FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": true}"#.utf8),
            named: "s.json", pipeline: pipeline
        ).schedule
    }

    // A run on latents of another size than the predictor's asks at the σ of that size.
    @Test func theShiftIsThatOfTheLatents() throws {
        for (pipeline, spacing) in [("FluxPipeline", FlowSpacing.equal), ("StableDiffusion3Pipeline", .toFirstStep)] {
            let noise = Tensor(normal: [1, 2, 16, 32], seed: 7)
            // 128 tokens; μ is 0.5 at 256 and 1.15 at 4096.
            let shift = exp(0.5 - 128 * 0.65 / 3840)
            let predictor = FunctionPredictor.linear(.flow, shape)
            let expected = DiffusionSolver(
                .flow, schedule: .rectifiedFlow(shift: shift, spacing: spacing), predictor: predictor)
            let solver = DiffusionSolver(.flow, schedule: try bySize(pipeline), predictor: predictor)
            try solver.requireSteps(5)
            let clean = try expected.sample(noise, steps: 5, guidance: .none(nil))
            expectClose(try solver.sample(noise, steps: 5, guidance: .none(nil)), clean)
            expectClose(
                try solver.invert(clean, steps: 5, guidance: .none(nil)),
                try expected.invert(clean, steps: 5, guidance: .none(nil)))
            let redrawn = try [solver, expected].map {
                try $0.regenerate(clean, noise: noise, timestep: 600, steps: 5, guidance: .none(nil))
            }
            expectClose(redrawn[0], redrawn[1])
        }
    }

    // Each way of laying out σ is inverted: exactly to single precision, naively the better the more steps there are.
    @Test(arguments: ["FluxPipeline", "StableDiffusion3Pipeline"])
    func runsOfAMixtureAreInverted(_ pipeline: String) throws {
        let mixture = GaussianMixturePredictor(
            components: [
                .init(weight: 1, mean: Tensor(normal: [2, 2, 3], seed: 1), variance: 0.3),
                .init(weight: 2, mean: Tensor(normal: [2, 2, 3], seed: 2), variance: 0.5),
            ], schedule: .rectifiedFlow(shift: 1), predictionType: .flow, latentShape: shape)
        let noise = Tensor(normal: shape.tensorShape(batch: 3), seed: 9)
        for schedule in [try bySize(pipeline), try fixed(pipeline)] {
            let solver = DiffusionSolver(.flow, schedule: schedule, predictor: mixture)
            var errors: [Double] = []
            for steps in [5, 20, 80] {
                let clean = try solver.sample(noise, steps: steps, guidance: .none(nil))
                let naive = try solver.invert(clean, steps: steps, guidance: .none(nil))
                errors.append(naive.normalisedErrorDecibels(to: noise))
                guard steps > 5 else { continue }
                let exact = try ExactInversion(of: solver).invert(clean, steps: steps, guidance: .none(nil))
                #expect(exact.outcomes.allSatisfy { !$0.fellBack && $0.residual < 1e-5 })
                #expect(exact.noise.normalisedErrorDecibels(to: noise) < -60, "\(pipeline), \(steps) steps")
            }
            #expect(errors == errors.sorted(by: >) && errors[2] < -20, "\(pipeline): \(errors)")
        }
    }

    private func fixed(_ pipeline: String) throws -> NoiseSchedule {
        try SchedulerConfiguration(
            data: Data(#"{"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3}"#.utf8), named: "s.json",
            pipeline: pipeline
        ).schedule
    }

    // Liu et al. 2023: one step is z_0 = z_T + v(z_T, 1000); the opposite sign is diffusers' ε - x₀.
    @Test func instaFlowsOneStepAddsTheVelocity() throws {
        let noise = Tensor(normal: shape.tensorShape(batch: 2), seed: 6)
        let linear = FunctionPredictor.linear(.velocity, shape)
        let flow = DiffusionSolver(.flow, schedule: .rectifiedFlow(shift: 1), predictor: linear)
        let clean = try flow.sample(noise, steps: 1, guidance: .none(nil))
        expectClose(clean, noise + linear.predict(noise, timestep: 1000, conditioning: nil), relative: 1e-6)
        let opposite = FunctionPredictor(predictionType: .flow, latentShape: shape) { latents, timestep in
            linear.function(latents, timestep).mapped { -$0 }
        }
        for steps in [1, 7] {
            expectClose(
                try flow.sample(noise, steps: steps, guidance: .none(nil)),
                try DiffusionSolver(.flow, schedule: .rectifiedFlow(shift: 1), predictor: opposite)
                    .sample(noise, steps: steps, guidance: .none(nil)), relative: 1e-6)
        }
    }
}
