import Tensors

/// From any image to a model's input (Wen et al. 2023 and everyone after): the shorter side is resized with Pillow's
/// antialiased bilinear filter, the middle is cut out, and 0 ... 255 becomes -1 ... 1.
public enum ImagePreprocessing {
    /// Images so long and thin that resizing would need more pixels than this are refused.
    static let largestCover = 100_000_000

    /// - Parameter name: stands for the image in errors.
    /// - Returns: `[1, 3, H, W]` in [-1, 1]. An image that has the size already is not resampled.
    /// - Throws: `InputError` for an image too long and thin to be resized.
    public static func tensor(
        of image: RGBImage, size: (height: Int, width: Int), named name: String
    ) throws -> Tensor {
        let covering = coveringSize(image, size: size)
        guard covering.height * covering.width <= largestCover else {
            throw InputError(
                name, expected: "an image that is not extremely long and thin", found: "\(image.width)×\(image.height)")
        }
        let resized = Resampling.resize(image, width: covering.width, height: covering.height)
        let fitted = centreCrop(resized, size: size)
        let plane = size.height * size.width
        return Tensor(shape: [1, 3, size.height, size.width]) { target in
            fitted.pixels.withUnsafeBufferPointer { source in
                for channel in 0..<3 {
                    for i in 0..<plane {
                        target.initializeElement(
                            at: channel * plane + i, to: Float(source[3 * i + channel]) / 127.5 - 1)
                    }
                }
            }
        }
    }

    /// The smallest size of the image's proportions that covers `size`; the longer side is cut down to an integer, as
    /// torchvision does.
    static func coveringSize(
        _ image: RGBImage, size: (height: Int, width: Int)
    ) -> (height: Int, width: Int) {
        let (w, h) = (image.width, image.height)
        if w * size.height <= h * size.width {
            return (max(size.width * h / w, size.height), size.width)
        }
        return (size.height, max(size.height * w / h, size.width))
    }

    /// The middle of an image; half a pixel is rounded to even, as torchvision does.
    static func centreCrop(_ image: RGBImage, size: (height: Int, width: Int)) -> RGBImage {
        if image.width == size.width, image.height == size.height { return image }
        let top = Int((Double(image.height - size.height) / 2).rounded(.toNearestOrEven))
        let left = Int((Double(image.width - size.width) / 2).rounded(.toNearestOrEven))
        var pixels: [UInt8] = []
        pixels.reserveCapacity(size.width * size.height * 3)
        for y in 0..<size.height {
            let start = ((top + y) * image.width + left) * 3
            pixels += image.pixels[start..<start + size.width * 3]
        }
        return RGBImage(width: size.width, height: size.height, pixels: pixels)
    }
}
