import Foundation
import Pictures
import Tensors

/// All of the picture, squeezed into the model's frame whatever its proportions, with flat borders masked and filled: what a
/// search for moved pictures looks at.
public struct WholeView: View {
    /// `whole`.
    public let name = "whole"

    /// The view.
    public init() {}

    /// Resized on both sides where it has another size.
    public func frame(of image: RGBImage, size: (height: Int, width: Int)) -> Frame {
        let squeezed = Resampling.resize(image, width: size.width, height: size.height)
        let pixels = ImagePreprocessing.unitRange(of: squeezed)
        let stretch = Double(image.width * size.height) / Double(image.height * size.width)
        guard let mask = FlatBorder.mask(of: squeezed) else { return Frame(pixels, stretch: stretch) }
        return Frame(
            HoleFilling.filled(pixels, mask: mask),
            mask: Tensor(mask.map { $0 ? 1 : 0 }, shape: [1, 1, size.height, size.width]), stretch: stretch)
    }
}
