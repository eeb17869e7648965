import Tensors

/// One image's iteration towards T(z) = 0: given a point and T there, the next point at which T is asked.
protocol FixedPointUpdate {
    mutating func next(after point: Tensor, residual: Tensor) -> Tensor
}
