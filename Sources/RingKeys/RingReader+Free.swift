import Marks
import NullModels
import Tensors

extension RingReader {
    /// The noise without the frequencies that a key of the geometry reaches.
    public func free(_ noise: Tensor, isEvened: Bool) -> FreeNoise? {
        let cells = Set(map.weights.map(\.index))
        let left = geometry.latentShape.count - cells.count * geometry.channels.count
        guard left > 1 else { return nil }
        let evened = isEvened ? (selfWhitening ?? SelfWhitening(geometry.latentShape)).whitened(noise) : noise
        return FreeNoise(
            values: transform.latent(
                evened, without: .init(uniqueKeysWithValues: geometry.channels.map { ($0, cells) })),
            dimension: left)
    }
}
