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
        let run = try samplingSteps(steps, for: latents)
        let first = run.firstIndex { $0.from.timestep <= timestep } ?? run.count - 1
        let start = run[first].from
        let noisy = Tensor.combination((start.alpha, latents), (start.sigma, noise))
        return try finish(walk(Self.begun(run[first...]), guidance, noisy)) { _ in }
    }

    /// From initial noise to a clean latent, with a change on the way.
    /// - Parameters:
    ///   - noise: z_T, `[B, C, h, w]`.
    ///   - steps: at least 1.
    ///   - guidance: for this batch.
    ///   - step: after which the latents are changed, from 1 to `steps`.
    ///   - change: the latents after that step to those it goes on with, `[B, C, h, w]` both.
    ///   - observe: called after every step with the number of steps done.
    /// - Returns: z_0, `[B, C, h, w]`.
    /// - Throws: as `sample`, and what `change` throws.
    public func sample(
        _ noise: Tensor, steps: Int, guidance: Guidance, changedAfter step: Int, by change: (Tensor) throws -> Tensor,
        observe: (Int) -> Void = { _ in }
    ) throws -> Tensor {
        precondition((1...steps).contains(step), "a change after step \(step) of \(steps)")
        let run = try samplingSteps(steps, for: noise)
        let changed = try change(finish(walk(Array(run[..<step]), guidance, noise), observe))
        return try finish(walk(Self.begun(run[step...]), guidance, changed)) { observe(step + $0) }
    }

    /// The steps of a run that begins with the first of them: there are no earlier outputs to use.
    private static func begun(_ steps: ArraySlice<SolverStep>) -> [SolverStep] {
        steps.enumerated().map { index, step in
            SolverStep(
                from: step.from, to: step.to, timestep: step.timestep, earlier: Array(step.earlier.prefix(index)))
        }
    }
}
