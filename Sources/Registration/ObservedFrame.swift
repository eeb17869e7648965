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
}
