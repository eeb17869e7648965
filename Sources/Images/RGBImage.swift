import Tensors

/// An image of 8-bit RGB pixels, interleaved, rows from the top.
public struct RGBImage: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// `width × height × 3` bytes.
    public var pixels: [UInt8]

    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(
            pixels.count == width * height * 3, "\(pixels.count) bytes are no \(width)×\(height) RGB image")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The image a decoder's output stands for: [-1, 1] to 0 ... 255, clamped, rounded half to even, as diffusers does.
    /// - Parameter tensor: `[1, 3, H, W]`.
    /// - Throws: `InputError` where an element is NaN.
    public init(tensor: Tensor) throws {
        let shape = tensor.shape
        precondition(shape.count == 4 && shape[0] == 1 && shape[1] == 3, "no single RGB image: \(shape)")
        let (height, width) = (shape[2], shape[3])
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        let isNumber = tensor.withUnsafeBufferPointer { source in
            for channel in 0..<3 {
                for i in 0..<height * width {
                    let value = source[channel * height * width + i]
                    if value.isNaN { return false }
                    let unit = min(max(value / 2 + 0.5, 0), 1)
                    pixels[3 * i + channel] = UInt8((unit * 255).rounded(.toNearestOrEven))
                }
            }
            return true
        }
        guard isNumber else { throw InputError("decoded image", expected: "numbers", found: "NaN") }
        self.init(width: width, height: height, pixels: pixels)
    }
}
