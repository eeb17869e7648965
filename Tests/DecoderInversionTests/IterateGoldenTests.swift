import DecoderInversion
import FixedPoints
import Tensors
import TestSupport
import Testing

/// Every iterate of every method against NumPy in float64. The tolerance is the rounding of Float images and latents,
/// 6e-8 an operation, carried over a dozen steps.
@Suite struct IterateGoldenTests {
    @Test(arguments: [
        (name: "forward", update: ForwardStep(size: .fixed(0.3)) as any FixedPointUpdate),
        ("km", InertialKrasnoselskiiMann(inertia: 0.9, step: 0.05)),
        ("adam", ScheduledAdam(schedule: .warmUpAndCosine(steps: 20))),
        ("anderson", AndersonAcceleration(memory: 3, ridge: 1e-3, damping: .fixed(0.7), restartGrowth: .infinity)),
    ])
    func iterates(_ name: String, _ update: any FixedPointUpdate) throws {
        let expected = try golden(name)
        let encoded = try golden("encoded")
        var iterates = Iterates(
            of: try EncoderResidual(autoencoder: LinearAutoencoder(), encoded: encoded), by: update)
        #expect(expected.batch > 5)
        for k in 0..<expected.batch {
            let evaluations = try #require(try iterates.next()?.get())
            #expect(evaluations.map(\.number) == [k + 1, k + 1])
            expectClose(
                Tensor.concatenating([iterates.latent(of: 0), iterates.latent(of: 1)]),
                expected.item(k).reshaped(encoded.shape), relative: 1e-5, "iterate \(k + 1)")
        }
    }

    /// The first evaluation is the encoder's, and its residual is ‖T(E(x))‖.
    @Test func firstEvaluation() throws {
        let encoded = try golden("encoded")
        let autoencoder = try LinearAutoencoder()
        var iterates = Iterates(
            of: try EncoderResidual(autoencoder: autoencoder, encoded: encoded), by: ForwardStep())
        let first = try #require(try iterates.next()?.get())
        let expected = try relativeResiduals(encoded, encoded, autoencoder)
        expectClose(first.map(\.residual), expected, relative: 1e-6)
        for (item, evaluation) in first.enumerated() {
            #expect(evaluation.point.elements == encoded.item(item).elements)
            #expect(evaluation.item == item)
        }
    }

    /// Without a safeguard the result is z_n after n evaluations, as in the paper.
    @Test func resultWithoutSafeguard() throws {
        let encoded = try golden("encoded")
        let expected = try golden("adam")
        let (latents, outcomes) = try DecoderInverter(
            autoencoder: LinearAutoencoder(), method: .paperAdam(iterations: 20), safeguard: nil
        ).invert(encoded: encoded)
        expectClose(latents, expected.item(19).reshaped(encoded.shape), relative: 1e-5)
        #expect(outcomes.map(\.ending) == [.spent, .spent])
        #expect(outcomes.map(\.evaluations) == [20, 20])
    }

    /// Rates of the authors' loop for n = 1, 5, 20, 37, 100, 130. The tolerance is the fixtures' Float.
    @Test func learningRates() throws {
        let expected = try golden("rates")
        for (row, n) in [1, 5, 20, 37, 100, 130].enumerated() {
            let schedule = LearningRateSchedule.warmUpAndCosine(steps: n)
            expectClose(
                (0..<expected.shape[1]).map(schedule.factor), expected.item(row).elements.map(Double.init),
                absolute: 1e-7, "n = \(n)")
        }
        #expect(LearningRateSchedule.constant.factor(57) == 1)
    }
}
