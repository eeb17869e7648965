import Diffusion
import Foundation
import OnnxModels
import Tensors
import TestSupport
import Testing

/// Known noise to clean latents with grove's UNet and back. Errors are normalised mean squared errors in dB.
struct RoundTripTests {
    private static let shared = Result { try ModelFolder(groveURL, options: testOptions) }
    private let model: ModelFolder
    private let schedule: NoiseSchedule
    private let noise: Tensor
    private let guidance: Guidance

    init() throws {
        model = try Self.shared.get()
        let path = groveURL.appendingPathComponent("scheduler/scheduler_config.json")
        schedule = try SchedulerConfiguration(data: Data(contentsOf: path), named: path.path).schedule
        noise = Tensor(normal: model.latentShape.tensorShape(), seed: 4)
        guidance = .none(try model.textEncoder.encode(["mountains at dusk with sun and clouds"]))
    }

    private func solver(_ solver: Solver) -> DiffusionSolver {
        DiffusionSolver(solver, schedule: schedule, predictor: model.noisePredictor)
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

    @Test func theErrorOfNaiveInversionFallsWithTheSteps() throws {
        let ddim = solver(.ddim)
        let errors = try [5, 10, 25].map { steps in
            let clean = try ddim.sample(noise, steps: steps, guidance: guidance)
            return try ddim.invert(clean, steps: steps, guidance: guidance).normalisedErrorDecibels(to: noise)
        }
        #expect(errors[1] < errors[0] - 1 && errors[2] < errors[1] - 1, "\(errors)")
    }
}
