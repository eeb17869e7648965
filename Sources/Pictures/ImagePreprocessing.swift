import Tensors

/// From any image to a model's input, as Tree-Ring's evaluation (Wen et al. 2023) and torchvision's
/// `Compose([Resize(S), CenterCrop(S), ToTensor()])` on a PIL image do it: the shorter side is resized to S with Pillow's
/// antialiased bilinear filter, the middle is cut out, and 0 ... 255 becomes -1 ... 1.
public enum ImagePreprocessing {
    /// - Parameters:
    ///   - image: of any size.
    ///   - size: of the model's input. The image is resized in its proportions to the smallest size that covers it,
    ///     which for a square is torchvision's rule.
    /// - Returns: `[1, 3, H, W]` in [-1, 1]. An image that has the size already is not resampled.
    public static func tensor(of image: RGBImage, size: (height: Int, width: Int)) -> Tensor {
        unitRange(of: fit(image, size: size))
    }

    /// 0 ... 255 as -1 ... 1, `[1, 3, H, W]`.
    package static func unitRange(of image: RGBImage) -> Tensor {
        let plane = image.height * image.width
        return Tensor(shape: [1, 3, image.height, image.width]) { target in
            unitRange.withUnsafeBufferPointer { unitRange in
                image.pixels.withUnsafeBufferPointer { source in
                    for channel in 0..<3 {
                        for i in 0..<plane {
                            target.initializeElement(
                                at: channel * plane + i, to: unitRange[Int(source[3 * i + channel])])
                        }
                    }
                }
            }
        }
    }

    /// The image resized to cover `size`, and its middle.
    package static func fit(_ image: RGBImage, size: (height: Int, width: Int)) -> RGBImage {
        let covering = coveringSize(image, size: size)
        let top = margin(covering.height - size.height)
        let left = margin(covering.width - size.width)
        return Resampling.resize(
            image, width: covering.width, height: covering.height,
            columns: left..<left + size.width, rows: top..<top + size.height)
    }

    /// 2·(value/255) - 1 in single precision, as torchvision's `ToTensor` and diffusers' `normalize` compute it.
    private static let unitRange = (0...255).map { 2 * (Float($0) / 255) - 1 }

    /// The longer side is cut down to an integer, as torchvision does: `int(S * long / short)`.
    private static func coveringSize(
        _ image: RGBImage, size: (height: Int, width: Int)
    ) -> (height: Int, width: Int) {
        let (w, h) = (image.width, image.height)
        if w * size.height <= h * size.width {
            return (max(size.width * h / w, size.height), size.width)
        }
        return (size.height, max(size.height * w / h, size.width))
    }

    /// What is cut off before the middle: `int(round(excess / 2.0))` of Python, half a pixel to even.
    private static func margin(_ excess: Int) -> Int { Int((Double(excess) / 2).rounded(.toNearestOrEven)) }
}
