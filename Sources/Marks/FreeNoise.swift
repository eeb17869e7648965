import Tensors

/// What of noise no key of a family has numbers in: what two images have in common there is not the key.
public struct FreeNoise: Sendable {
    /// `[1, C, h, w]`, zero in the directions of the family's numbers.
    public let values: Tensor
    /// How many independent numbers are left.
    public let dimension: Int

    /// Noise and how many of its numbers are left.
    public init(values: Tensor, dimension: Int) {
        self.values = values
        self.dimension = dimension
    }
}
