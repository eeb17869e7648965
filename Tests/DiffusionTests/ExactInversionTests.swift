import Diffusion
import Foundation
import NoiseSchedules
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Exact inversion on the exact predictor of a mixture: what was sampled from known noise is taken back to it.
struct ExactInversionTests {
    private let shape = LatentShape(channels: 2, height: 3, width: 5)

    private func mixture(_ schedule: NoiseSchedule, _ type: PredictionType) -> GaussianMixturePredictor {
        func mean(_ seed: UInt64) -> Tensor { Tensor(normal: [2, 3, 5], seed: seed) }
        return GaussianMixturePredictor(
            components: [
                .init(weight: 2, mean: mean(1), variance: 0.4), .init(weight: 1, mean: mean(2), variance: 0.6),
            ], schedule: schedule, predictionType: type, latentShape: shape)
    }

    private func roundTrip(
        _ solver: Solver, _ schedule: NoiseSchedule, _ type: PredictionType, steps: Int,
        method: ExactInversion.Method = .anderson, change: Double? = nil
    ) throws -> (exact: Double, naive: Double, outcomes: [ExactInversion.Outcome]) {
        let solver = DiffusionSolver(solver, schedule: schedule, predictor: mixture(schedule, type))
        let noise = Tensor(normal: shape.tensorShape(batch: 3), seed: 5)
        let clean = try solver.sample(noise, steps: steps, guidance: .none(nil))
        var inversion = ExactInversion(of: solver, method: method)
        if let change { inversion.relaxation.tolerance = change }
        let (exact, outcomes) = try inversion.invert(clean, steps: steps, guidance: .none(nil))
        let naive = try solver.invert(clean, steps: steps, guidance: .none(nil))
        #expect(!outcomes.isEmpty)
        return (exact.normalisedErrorDecibels(to: noise), naive.normalisedErrorDecibels(to: noise), outcomes)
    }

    @Test(arguments: [PredictionType.epsilon, .vPrediction, .sample], [5, 10, 25, 50])
    func ddimByBackwardEuler(_ type: PredictionType, _ steps: Int) throws {
        let result = try roundTrip(.ddim, .stableDiffusion(.leading), type, steps: steps)
        #expect(result.exact < -60 && result.exact < result.naive - 20)
        #expect(result.outcomes.allSatisfy { !$0.fellBack && $0.residual < 1e-5 })
    }

    @Test(arguments: [1, 2, 3], [5, 10, 25, 50])
    func dpmByRelaxation(_ order: Int, _ steps: Int) throws {
        let solver = Solver.dpm(.init(order: order))
        let result = try roundTrip(solver, .stableDiffusion(.leading), .epsilon, steps: steps)
        #expect(result.exact < -40 && result.exact < result.naive - 10)
        #expect(result.outcomes.allSatisfy { !$0.fellBack })
    }

    // Ending with the noise of the first training step, the last step is of full order; with Karras's levels it is empty,
    // and naive inversion is at -50 to -80 dB by itself.
    @Test(arguments: [(2, false), (2, true), (3, true)], [20, 50])
    func lastStepsOfFullOrder(_ kind: (order: Int, usesKarrasSigmas: Bool), _ steps: Int) throws {
        let solver = Solver.dpm(
            .init(order: kind.order, usesKarrasSigmas: kind.usesKarrasSigmas, endsWithoutNoise: false))
        let result = try roundTrip(solver, .stableDiffusion(.leading), .epsilon, steps: steps, change: 1e-5)
        #expect(result.exact < -70, "\(result)")
        #expect(result.outcomes.allSatisfy { !$0.fellBack && $0.residual < 1e-5 })
    }

    // A one-step model's velocity is a smooth function of the noise (that of the exact predictor is not invertible: at
    // σ = 1 it knows nothing but the mean).
    @Test(arguments: [1, 4, 10])
    func flows(_ steps: Int) throws {
        let velocity = FunctionPredictor(predictionType: .flow, latentShape: shape) { latents, timestep in
            latents.mapped { Float(0.3 * Double($0) + 0.2 * sin(1.5 * Double($0)) - 0.2 * timestep / 1000) }
        }
        let solver = DiffusionSolver(.flow, schedule: .rectifiedFlow(shift: 1), predictor: velocity)
        let noise = Tensor(normal: shape.tensorShape(batch: 2), seed: 6)
        let clean = try solver.sample(noise, steps: steps, guidance: .none(nil))
        for method in ExactInversion.Method.allCases {
            let (found, outcomes) = try ExactInversion(of: solver, method: method)
                .invert(clean, steps: steps, guidance: .none(nil))
            #expect(found.normalisedErrorDecibels(to: noise) < -60)
            #expect(!outcomes.isEmpty && outcomes.allSatisfy { !$0.fellBack })
        }
    }

    @Test(arguments: [10, 50])
    func thePapersAlgorithms(_ steps: Int) throws {
        for solver in [Solver.ddim, .dpm(.init())] {
            let paper = try roundTrip(solver, .stableDiffusion(.leading), .epsilon, steps: steps, method: .paper)
            let ours = try roundTrip(solver, .stableDiffusion(.leading), .epsilon, steps: steps)
            #expect(paper.exact < paper.naive + 1)
            #expect(ours.exact <= paper.exact + 1)
            #expect(ours.outcomes[0].modelCalls < paper.outcomes[0].modelCalls)
        }
    }

    // Single precision against double, rounded once an iteration: 50·2⁻²⁴ = 3e-6.
    @Test(arguments: [1, 2, 5], [1, 2, 3, 5, 10, 20, 30, 50])
    func iteratesOfAlgorithm1AreThoseOfNumPy(_ steps: Int, _ evaluations: Int) throws {
        let golden = try SafetensorsFile(contentsOf: Fixtures.url("Diffusion/exact_inversion.safetensors").path)
        let predictor = FunctionPredictor(predictionType: .epsilon, latentShape: shape) { latents, timestep in
            latents.mapped { Float(0.3 * Double($0) + 0.2 * sin(1.5 * Double($0)) - 0.2 * timestep / 1000) }
        }
        let solver = DiffusionSolver(.ddim, schedule: .stableDiffusion(.leading), predictor: predictor)
        var inversion = ExactInversion(of: solver, method: .paper)
        inversion.evaluations = evaluations
        inversion.tolerance = 0
        inversion.limit = .infinity
        let (found, outcomes) = try inversion.invert(
            golden.tensor(named: "start"), steps: steps, guidance: .none(nil))
        expectClose(found, try golden.tensor(named: "\(steps).\(evaluations)"), relative: 1e-5)
        #expect(outcomes[0].modelCalls == steps * (evaluations + 1))
    }

    // A model whose output jumps has no fixed point that a step could find: the image beside it is not touched.
    @Test func anImageThatCannotBeInvertedFallsBackAlone() throws {
        let predictor = FunctionPredictor(predictionType: .epsilon, latentShape: shape) { latents, _ in
            .concatenating(
                (0..<latents.batch).map { item in
                    let latent = latents.item(item)
                    let isWild = latent.elements.contains { abs($0) > 20 }
                    return latent.mapped { isWild ? 30 * Float(sin(3 * Double($0))) : 0.2 * $0 }
                })
        }
        let solver = DiffusionSolver(.ddim, schedule: .stableDiffusion(.leading), predictor: predictor)
        let tame = Tensor(normal: shape.tensorShape(), seed: 8)
        let wild = 40 * Tensor(normal: shape.tensorShape(), seed: 9)
        let (found, outcomes) = try ExactInversion(of: solver).invert(
            .concatenating([tame, wild]), steps: 5, guidance: .none(nil))
        #expect(outcomes.map(\.fellBack) == [false, true])
        let (alone, _) = try ExactInversion(of: solver).invert(tame, steps: 5, guidance: .none(nil))
        expectClose(found.item(0), alone)
        expectClose(found.item(1), try solver.invert(wild, steps: 5, guidance: .none(nil)))
    }
}
