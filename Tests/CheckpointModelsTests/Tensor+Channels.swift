import Models
import Tensors

extension Tensor {
    /// The first channels of `[B, C, h, w]`.
    func first(_ channels: Int) -> Tensor { LatentScaling(factor: 1).scaled(self, channels: channels) }
}
