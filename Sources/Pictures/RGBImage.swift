import InputErrors
import Tensors

/// An image of 8-bit RGB pixels, interleaved, rows from the top.
public struct RGBImage: Sendable, Equatable {
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int
    /// `width × height × 3` bytes.
    public var pixels: [UInt8]

    /// An image of the given pixels, of which there must be `width × height × 3` bytes.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(
            width >= 0 && height >= 0 && pixels.count == width * height * 3,
            "\(pixels.count) bytes are no \(width)×\(height) RGB image")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The image that a decoder's output stands for: `(x / 2 + 0.5).clamp(0, 1) * 255`, rounded half to even, as
    /// diffusers' `VaeImageProcessor` does.
    /// - Parameter tensor: `[1, 3, H, W]` or `[3, H, W]` in [-1, 1]; what lies outside is clamped.
    /// - Throws: `InputError` for another shape, or where an element is NaN.
    public init(tensor: Tensor) throws {
        let shape = tensor.shape.count == 4 && tensor.shape[0] == 1 ? Array(tensor.shape.dropFirst()) : tensor.shape
        guard shape.count == 3, shape[0] == 3 else {
            throw InputError(
                "decoded image", expected: "the shape [1, 3, H, W] or [3, H, W]", found: "\(tensor.shape)",
                as: .wrongShape)
        }
        let plane = shape[1] * shape[2]
        var hasNaN = false
        let pixels = [UInt8](unsafeUninitializedCapacity: plane * 3) { pixels, count in
            tensor.withUnsafeBufferPointer { source in
                for i in 0..<plane {
                    for channel in 0..<3 {
                        let value = source[channel * plane + i]
                        hasNaN = hasNaN || value.isNaN
                        // NaN passes neither comparison, so that the conversion cannot trap on it.
                        let unit = value / 2 + 0.5
                        let clamped: Float = unit > 0 ? (unit < 1 ? unit : 1) : 0
                        pixels[3 * i + channel] = UInt8((clamped * 255).rounded(.toNearestOrEven))
                    }
                }
            }
            count = plane * 3
        }
        guard !hasNaN else { throw InputError("decoded image", expected: "numbers", found: "NaN", as: .notFinite) }
        self.init(width: shape[2], height: shape[1], pixels: pixels)
    }
}
