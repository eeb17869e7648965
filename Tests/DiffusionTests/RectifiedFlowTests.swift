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
