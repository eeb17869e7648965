import NoiseSchedules
import Tensors

extension DiffusionSolver {
    /// A clean latent mixed with noise and denoised again: the last steps of a sampling run, those that begin at `timestep`
    /// or below it, and one at least (Meng et al. 2022, "SDEdit"; as an attack on watermarks Zhao et al. 2024, "Invisible
    /// image watermarks are provably removable using generative AI").
    /// - Parameters:
    ///   - latents: z_0, `[B, C, h, w]`.
    ///   - noise: standard normal, `[B, C, h, w]`.
    ///   - timestep: on the training schedule.
    ///   - steps: of a whole run, at least 1.
    ///   - guidance: for this batch.
    /// - Returns: another z_0, `[B, C, h, w]`.
    /// - Throws: as `sample`.
    public func regenerate(
        _ latents: Tensor, noise: Tensor, timestep: Double, steps: Int, guidance: Guidance
    ) throws -> Tensor {
        let run = try schedule.samplingSteps(steps, by: solver)
        let first = run.firstIndex { $0.from.timestep <= timestep } ?? run.count - 1
        let rest = run[first...].enumerated().map { index, step in
            SolverStep(
                from: step.from, to: step.to, timestep: step.timestep, earlier: Array(step.earlier.prefix(index)))
        }
        let start = run[first].from
        let noisy = Tensor.combination((start.alpha, latents), (start.sigma, noise))
        return try finish(walk(rest, guidance, noisy)) { _ in }
    }
}
