import Attempts
import Registration
import Tensors

extension ObservedFrame {
    /// What a search is told of a frame: its mask as the mean over the pixels of each place of a latent.
    package init(_ frame: Frame, _ shape: LatentShape) {
        self.init(mask: frame.mask.map { Self.pooled($0, shape) }, stretch: frame.stretch)
    }

    private static func pooled(_ mask: Tensor, _ shape: LatentShape) -> Tensor {
        let (height, width) = (mask.shape[2], mask.shape[3])
        var sums = [Float](repeating: 0, count: shape.planeCount)
        var counts = sums
        for (index, value) in mask.elements.enumerated() {
            let place =
                index / width * shape.height / height * shape.width + index % width * shape.width / width
            sums[place] += value
            counts[place] += 1
        }
        return Tensor(
            zip(sums, counts).map { $1 > 0 ? $0 / $1 : 1 }, shape: [1, 1, shape.height, shape.width])
    }
}
