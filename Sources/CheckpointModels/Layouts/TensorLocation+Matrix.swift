extension TensorLocation {
    /// A convolution of one pixel as the matrix of a linear layer; anything else as it is.
    package var asMatrix: TensorLocation {
        shape.count > 2 && shape.dropFirst(2).allSatisfy { $0 == 1 } ? viewed(as: Array(shape.prefix(2))) : self
    }
}
