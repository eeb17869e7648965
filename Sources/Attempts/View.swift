import Pictures
import Tensors

/// What is done to an item's picture before it is encoded: as it is, turned, cropped.
public protocol View: Sendable {
    /// Tells views apart: two views of one name give the same frame.
    var name: String { get }

    /// The model's input.
    /// - Parameters:
    ///   - image: the picture, of any size.
    ///   - size: of the model's images in pixels.
    func frame(of image: RGBImage, size: (height: Int, width: Int)) -> Frame
}

/// The picture as it is, brought to the model's size: the shorter side resized, the middle cut out
/// (`ImagePreprocessing`).
public struct PlainView: View {
    /// `plain`.
    public let name = "plain"

    /// The view.
    public init() {}

    /// Resized and cropped where it has another size.
    public func frame(of image: RGBImage, size: (height: Int, width: Int)) -> Frame {
        Frame(ImagePreprocessing.tensor(of: image, size: size))
    }
}
