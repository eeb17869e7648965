import Marks
import Tensors

extension RingIDReader {
    /// The noise without the frequencies of the mask and their opposites, in the keyed channels.
    public func free(_ noise: Tensor, isEvened: Bool) -> FreeNoise? {
        let cells = Set(maps.noise.pattern.weights.map(\.index))
        let channels = geometry.ringChannels + geometry.noiseChannels
        let left = geometry.latentShape.count - cells.count * channels.count
        guard left > 1 else { return nil }
        return FreeNoise(
            values: transform.latent(
                isEvened ? whitening.whitened(noise) : noise,
                without: .init(uniqueKeysWithValues: channels.map { ($0, cells) })), dimension: left)
    }
}
