import Tensors

/// What an encoder is given of a picture.
public struct Frame: Sendable {
    /// `[1, 3, H, W]` in [-1, 1].
    public let pixels: Tensor
    /// `[1, 1, H, W]`, 1 where a pixel shows the picture and 0 where it was filled in; nil where all of them do.
    public let mask: Tensor?
    /// Width by height of the picture in its file, over that of the frame, where all of the picture is in the frame; else 1.
    public let stretch: Double

    /// A frame of these parts.
    public init(_ pixels: Tensor, mask: Tensor? = nil, stretch: Double = 1) {
        self.pixels = pixels
        self.mask = mask
        self.stretch = stretch
    }

    /// Whether an encoder makes the same of both.
    func hasSamePixels(as other: Frame) -> Bool {
        guard pixels.shape == other.pixels.shape else { return false }
        return pixels.withUnsafeBufferPointer { own in
            other.pixels.withUnsafeBufferPointer { own.elementsEqual($0) }
        }
    }
}

extension [Frame] {
    /// For each frame the first one with its pixels, so that those of a picture that fits the model are encoded once.
    package var sources: [Int] {
        indices.map { place in self[..<place].firstIndex { $0.hasSamePixels(as: self[place]) } ?? place }
    }
}
