import Diffusion
import Foundation
import NoiseSchedules
import Tensors
import TestSupport
import Testing

/// The exact predictor: against numerical derivatives of the density, and as a model whose true flow is known.
struct GaussianMixturePredictorTests {
    private let shape = LatentShape(channels: 1, height: 1, width: 3)
    private let schedule = NoiseSchedule.stableDiffusion(.trailing, setsAlphaToOne: true)

    private func mixture(_ type: PredictionType) -> GaussianMixturePredictor {
        GaussianMixturePredictor(
            components: [
                .init(weight: 2, mean: Tensor([1, -0.5, 0.25], shape: [1, 1, 3]), variance: 0.09),
                .init(weight: 1, mean: Tensor([-1, 0.5, 1], shape: [1, 1, 3]), variance: 0.25),
            ], schedule: schedule, predictionType: type, latentShape: shape)
    }

    private func gaussian(_ type: PredictionType) -> GaussianMixturePredictor {
        GaussianMixturePredictor(
            components: [.init(weight: 1, mean: Tensor([1, -0.5, 0.25], shape: [1, 1, 3]), variance: 0.25)],
            schedule: schedule, predictionType: type, latentShape: shape)
    }

    // Central differences of step 1e-3: error (1e-3)²·p''' ≈ 1e-5 beside rounding of the Float latents that both share.
    @Test(arguments: [20, 400, 999])
    func theNoiseIsTheNegativeScoreTimesSigma(_ timestep: Int) throws {
        let level = schedule.level(at: timestep)
        func logDensity(_ z: [Double]) -> Double {
            log(
                mixture(.epsilon).components.reduce(0) { sum, component in
                    let v = level.alpha * level.alpha * component.variance + level.sigma * level.sigma
                    let distance = zip(z, component.mean.elements).reduce(0) {
                        $0 + pow($1.0 - level.alpha * Double($1.1), 2)
                    }
                    return sum + component.weight * exp(-0.5 * distance / v) / pow(v, 1.5)
                })
        }
        let latent: [Float] = [0.125, -0.25, 0.5]
        let score = (0..<3).map { axis in
            var (up, down) = (latent.map(Double.init), latent.map(Double.init))
            up[axis] += 1e-3
            down[axis] -= 1e-3
            return (logDensity(up) - logDensity(down)) / 2e-3
        }
        let noise = try mixture(.epsilon).predict(
            Tensor(latent, shape: [1, 1, 1, 3]), timestep: Double(timestep), conditioning: nil)
        expectClose(noise.elements.map(Double.init), score.map { -level.sigma * $0 }, relative: 1e-4)
    }

    // x̂₀ and ε̂ of every type are the same but for Float rounding, which 1/σ_20 = 8 and 1/α_999 = 15 magnify.
    @Test(arguments: PredictionType.allCases, [20, 999])
    func everyTypeSaysTheSame(_ type: PredictionType, _ timestep: Int) throws {
        let latents = Tensor([0.3, -0.2, 0.7, -1, 2, 0.1], shape: [2, 1, 1, 3])
        let level = schedule.level(at: timestep)
        func parts(_ type: PredictionType) throws -> (clean: Tensor, noise: Tensor) {
            let output = try mixture(type).predict(latents, timestep: Double(timestep), conditioning: nil)
            return try type.cleanAndNoise(latents, output: output, at: level)
        }
        let (actual, expected) = (try parts(type), try parts(.epsilon))
        expectClose(actual.clean, expected.clean, relative: 1e-5)
        expectClose(actual.noise, expected.noise, relative: 1e-5)
    }

    // For one Gaussian the flow's solution is known: (z - α·μ)/√(α²s² + σ²) is conserved. First order: half the error for
    // twice the steps, to 15 %; 1e-3 above Float rounding at the largest count.
    @Test(arguments: [PredictionType.epsilon, .vPrediction, .sample])
    func ddimConvergesToTheExactFlowWithOrderOne(_ type: PredictionType) throws {
        let predictor = gaussian(type)
        let component = predictor.components[0]
        let noise = Tensor([1.5, -0.75, 0.5], shape: [1, 1, 1, 3])
        let start = schedule.level(at: 999)
        let spread = (start.alpha * start.alpha * component.variance + start.sigma * start.sigma).squareRoot()
        let exact = zip(noise.elements, component.mean.elements).map { z, mean in
            Double(mean) + component.variance.squareRoot() * (Double(z) - start.alpha * Double(mean)) / spread
        }
        let errors = try [50, 100, 200].map { count in
            let clean = try DiffusionSolver(.ddim, schedule: schedule, predictor: predictor)
                .sample(noise, steps: count, guidance: .none(nil))
            return zip(clean.elements, exact).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
        }
        for (coarse, fine) in zip(errors, errors.dropFirst()) {
            #expect(abs(log2(coarse / fine) - 1) < 0.2, "errors \(errors)")
        }
    }

    @Test func theErrorOfNaiveInversionFallsWithTheStepCount() throws {
        let ddim = DiffusionSolver(.ddim, schedule: schedule, predictor: mixture(.epsilon))
        let noise = Tensor(normal: shape.tensorShape(batch: 4), seed: 3)
        let errors = try [10, 40, 160].map { count in
            let clean = try ddim.sample(noise, steps: count, guidance: .none(nil))
            return try ddim.invert(clean, steps: count, guidance: .none(nil)).normalisedErrorDecibels(to: noise)
        }
        for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(fine < coarse - 6, "\(errors) dB") }
    }

    @Test func aPointMassIsKnownWithoutNoise() throws {
        let point = GaussianMixturePredictor(
            components: [.init(weight: 1, mean: Tensor([1, 2, 3], shape: [1, 1, 3]), variance: 0)],
            schedule: schedule, predictionType: .sample, latentShape: shape)
        let output = try point.predict(Tensor([9, 9, 9], shape: [1, 1, 1, 3]), timestep: -1, conditioning: nil)
        #expect(output.elements == [1, 2, 3])
    }
}
