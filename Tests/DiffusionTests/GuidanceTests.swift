import Diffusion
import Models
import NoiseSchedules
import Tensors
import Testing

/// Which batches a guided prediction asks the model for.
struct GuidanceTests {
    /// Returns its conditioning's first number in every element, so that the output shows who saw what; without a
    /// conditioning, the latents.
    private struct Echo: NoisePredictor {
        let predictionType = PredictionType.epsilon
        let latentShape = LatentShape(channels: 1, height: 1, width: 2)
        let expectedBatch: Int

        func predict(_ latents: Tensor, timestep: Double, conditioning: Conditioning?) throws -> Tensor {
            #expect(latents.batch == expectedBatch)
            guard let conditioning = conditioning?.tokens else { return latents }
            #expect(conditioning.shape == [expectedBatch, 1, 3])
            return .concatenating(
                (0..<latents.batch).map { item in
                    Tensor([Float](repeating: conditioning.item(item).elements[0], count: 2), shape: [1, 1, 1, 2])
                })
        }
    }

    private func conditioning(_ values: Float...) -> Conditioning {
        Conditioning(tokens: Tensor(values.flatMap { [$0, -1, -1] }, shape: [values.count, 1, 3]))
    }

    private let latents = Tensor([1, 2, 3, 4], shape: [2, 1, 1, 2])

    @Test func scaleOneAsksOnceForEachLatent() throws {
        let guidance = Guidance(scale: 1, conditional: conditioning(5), unconditional: conditioning(7))
        let output = try guidance.predict(latents, timestep: 3, with: Echo(expectedBatch: 2))
        #expect(output.elements == [5, 5, 5, 5])
    }

    @Test func aModelWithoutConditioningIsAskedWithNone() throws {
        #expect(
            try Guidance.none(nil).predict(latents, timestep: 3, with: Echo(expectedBatch: 2)).elements == [1, 2, 3, 4])
    }

    // 2 + 7.5·(5 - 2) = 24.5 only if the unconditional half comes first; exact in binary.
    @Test func guidanceIsOneBatchWithTheUnconditionalHalfFirst() throws {
        let guidance = Guidance(scale: 7.5, conditional: conditioning(5), unconditional: conditioning(2))
        let output = try guidance.predict(latents, timestep: 3, with: Echo(expectedBatch: 4))
        #expect(output.elements == [24.5, 24.5, 24.5, 24.5])
    }

    @Test func eachLatentCanHaveItsOwnConditioning() throws {
        let guidance = Guidance(scale: 2, conditional: conditioning(5, 8), unconditional: conditioning(2))
        let output = try guidance.predict(latents, timestep: 3, with: Echo(expectedBatch: 4))
        #expect(output.elements == [8, 8, 14, 14])
        let plain = try Guidance.none(conditioning(5, 8)).predict(latents, timestep: 3, with: Echo(expectedBatch: 2))
        #expect(plain.elements == [5, 5, 8, 8])
    }
}
