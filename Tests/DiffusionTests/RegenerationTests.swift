import Diffusion
import NoiseSchedules
import Tensors
import TestSupport
import Testing

/// The last steps of a sampling run, from a latent mixed with noise.
struct RegenerationTests {
    private let shape = LatentShape(channels: 2, height: 3, width: 5)
    private let schedule = NoiseSchedule.stableDiffusion(.trailing, setsAlphaToOne: true)

    /// A model that knows the noise takes it out again; what is left is single-precision rounding of up to 25 steps.
    @Test(arguments: ["ddim", "dpm++1", "dpm++2m", "dpm++3m"], [1, 60, 500])
    func aModelThatKnowsTheNoiseTakesItOut(_ name: String, _ timestep: Double) throws {
        let (clean, noise) = (Tensor(normal: [1, 2, 3, 5], seed: 1), Tensor(normal: [1, 2, 3, 5], seed: 2))
        let predictor = FunctionPredictor(predictionType: .epsilon, latentShape: shape) { _, _ in noise }
        let solver = DiffusionSolver(try Solver(parsing: name), schedule: schedule, predictor: predictor)
        let result = try solver.regenerate(
            clean, noise: noise, timestep: timestep, steps: 50, guidance: .none(nil))
        expectClose(result, clean, relative: 1e-4, name)
    }

    /// 50 steps of 1,000 lie at 19, 39, 59, ..., 999.
    @Test(arguments: [
        (60.0, [59.0, 39, 19]), (59.0, [59.0, 39, 19]), (58.0, [39.0, 19]), (1.0, [19.0]), (20.0, [19.0]),
    ])
    func theStepsAreTheLastOfARun(_ timestep: Double, _ asked: [Double]) throws {
        let recorder = TimestepRecorder(latentShape: shape)
        let solver = DiffusionSolver(.ddim, schedule: schedule, predictor: recorder)
        let latents = Tensor(normal: [1, 2, 3, 5], seed: 1)
        _ = try solver.regenerate(latents, noise: latents, timestep: timestep, steps: 50, guidance: .none(nil))
        #expect(recorder.timesteps == asked)
    }
}
