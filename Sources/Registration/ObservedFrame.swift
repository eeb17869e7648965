import Tensors

/// What a search knows of the frame that a latent shows, beside the latent.
public struct ObservedFrame: Sendable {
    /// `[1, 1, h, w]`: how much of each place shows the picture, from 0 to 1; nil for all of it.
    public let mask: Tensor?
    /// Width by height of the picture in its file, over that of the model's frame.
    public let stretch: Double

    /// A frame.
    public init(mask: Tensor? = nil, stretch: Double = 1) {
        self.mask = mask
        self.stretch = stretch
    }

    /// The middle of what the mask leaves, from -½ to ½ on each axis.
    public var middle: (x: Double, y: Double) {
        guard let mask else { return (0, 0) }
        let (height, width) = (mask.shape[2], mask.shape[3])
        var (sum, x, y) = (0.0, 0.0, 0.0)
        for (index, value) in mask.elements.enumerated() {
            sum += Double(value)
            x += Double(value) * ((Double(index % width) + 0.5) / Double(width) - 0.5)
            y += Double(value) * ((Double(index / width) + 0.5) / Double(height) - 0.5)
        }
        return sum > 0 ? (x / sum, y / sum) : (0, 0)
    }
}
