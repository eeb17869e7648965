import Models
import Tensors
import TestSupport
import Testing

@Suite struct LatentScalingTests {
    /// Two items of two channels of three elements, all exact in binary.
    private static let latents = Tensor(
        [1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6], shape: [2, 2, 1, 3])

    @Test func allChannelsAlike() {
        let scaling = LatentScaling(factor: 0.5, shift: 1)
        let scaled = scaling.scaled(Self.latents)
        #expect(scaled.shape == [2, 2, 1, 3])
        #expect(scaled.elements == [0, 0.5, 1, 1.5, 2, 2.5, -1, -1.5, -2, -2.5, -3, -3.5])
        #expect(scaling.unscaled(scaled).elements == Self.latents.elements)
    }

    @Test func channelsWithMeansAndDeviations() {
        let scaling = LatentScaling(factor: 0.5, means: [1, -2], deviations: [0.25, 4])
        let scaled = scaling.scaled(Self.latents)
        #expect(scaled.elements == [0, 2, 4, 0.75, 0.875, 1, -4, -6, -8, -0.25, -0.375, -0.5])
        #expect(scaling.unscaled(scaled).elements == Self.latents.elements)
    }

    /// Means and variances of an encoder: the variances are left out.
    @Test func firstChannels() {
        let scaled = LatentScaling(factor: 2, means: [1], deviations: [1]).scaled(Self.latents, channels: 1)
        #expect(scaled.shape == [2, 1, 1, 3])
        #expect(scaled.elements == [0, 2, 4, -4, -6, -8])
    }
}
