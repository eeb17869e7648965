import Diffusion
import Foundation
import NoiseSchedules
import OnnxModels
import Tensors
import Testing

/// Known noise to clean latents with grove's UNet and back. Errors are normalised mean squared errors in dB.
struct RoundTripTests {
    private static let shared = Result { try OnnxModel(groveURL.path, options: testOptions) }
    private let model: OnnxModel
    private let schedule: NoiseSchedule
    private let noise: Tensor
    private let guidance: Guidance

    init() throws {
        model = try Self.shared.get()
        schedule = try model.scheduler().schedule
        noise = Tensor(normal: model.latentShape.tensorShape(), seed: 4)
        guidance = .none(try model.onnxTextEncoder.encode(["mountains at dusk with sun and clouds"]))
    }

    private func solver(_ solver: Solver) -> DiffusionSolver {
        DiffusionSolver(solver, schedule: schedule, predictor: model.onnxNoisePredictor)
    }

    @Test func ddimIsInvertedByBackwardEuler() throws {
        let ddim = solver(.ddim)
        let clean = try ddim.sample(noise, steps: 10, guidance: guidance)
        let (exact, outcomes) = try ExactInversion(of: ddim).invert(clean, steps: 10, guidance: guidance)
        #expect(exact.normalisedErrorDecibels(to: noise) < -60)
        #expect(!outcomes[0].fellBack && outcomes[0].residual < 1e-5)
        let naive = try ddim.invert(clean, steps: 10, guidance: guidance)
        #expect(naive.normalisedErrorDecibels(to: noise) > -10)
        // The paper's forward step spends more calls than that and has not arrived yet.
        let (paper, spent) = try ExactInversion(of: ddim, method: .paper).invert(clean, steps: 10, guidance: guidance)
        #expect(spent[0].modelCalls > outcomes[0].modelCalls)
        #expect(paper.normalisedErrorDecibels(to: noise) > -40)
    }

    // At 20 steps the run ends with a step of second order that goes 1.8 times as far beyond the x̂₀ it looks back to as
    // those are apart. Passes end at a change of x̂₀ of half a per cent, -46 dB; the errors at 1e-3 are in docs/diffusion.md.
    @Test func dpmOfOrder2IsInvertedWithItsLastStepsJoined() throws {
        let multistep = solver(.dpm(.init(order: 2)).ending(as: schedule))
        let clean = try multistep.sample(noise, steps: 20, guidance: guidance)
        var inversion = ExactInversion(of: multistep)
        inversion.relaxation.tolerance = 5e-3
        let (exact, outcomes) = try inversion.invert(clean, steps: 20, guidance: guidance)
        #expect(exact.normalisedErrorDecibels(to: noise) < -40)
        #expect(!outcomes[0].fellBack && outcomes[0].residual < 5e-3)
        let naive = try multistep.invert(clean, steps: 20, guidance: guidance)
        #expect(naive.normalisedErrorDecibels(to: noise) > -15)
    }

    // From 15 steps on dpm++2m ends with a step of second order, so that 10 and 25 steps do not compare.
    @Test(arguments: [(Solver.ddim, [5, 10, 25, 50]), (.dpm(.init()), [5, 10]), (.dpm(.init()), [25, 50])])
    func theErrorOfNaiveInversionFallsWithTheSteps(_ kind: Solver, _ counts: [Int]) throws {
        let solver = solver(kind.ending(as: schedule))
        let errors = try counts.map { steps in
            let clean = try solver.sample(noise, steps: steps, guidance: guidance)
            return try solver.invert(clean, steps: steps, guidance: guidance).normalisedErrorDecibels(to: noise)
        }
        #expect(zip(errors, errors.dropFirst()).allSatisfy { $1 < $0 - 1 }, "\(errors)")
    }
}
