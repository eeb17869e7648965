import Models

/// What a graph in int8 is built for beside its weights: one image at a time, of one size.
package struct Quantization {
    /// What the weights are asked of; to be written when the graph is complete.
    package let weights: PreparedWeights
    /// Of the network's input.
    package let size: ImageSize
    /// Bytes of the patches that one product of a convolution takes: more needs memory and is no faster.
    package let largestBand: Int

    /// int8 at one size.
    package init(_ weights: PreparedWeights, size: ImageSize, largestBand: Int = 16 << 20) {
        self.weights = weights
        self.size = size
        self.largestBand = largestBand
    }
}
