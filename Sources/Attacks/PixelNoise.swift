import Pictures
import RandomNumbers

/// Independent normal noise on every sample, rounded and clipped to 8 bits.
///
/// The Tree-Ring code means the same, but casts the noise to unsigned bytes before it adds it: negative noise wraps
/// around to large values, and so does a sum above 255. docs/robustness.md has what that does.
enum PixelNoise {
    /// - Parameter deviation: standard deviation, where white is 1.
    static func add(to image: RGBImage, deviation: Double, using generator: inout SeededGenerator) -> RGBImage {
        var result = image
        let scale = 255 * deviation
        result.pixels.withUnsafeMutableBufferPointer { pixels in
            for i in stride(from: 0, to: pixels.count, by: 2) {
                let (first, second) = generator.nextNormalPair()
                pixels[i] = clipped(Double(pixels[i]) + scale * first)
                if i + 1 < pixels.count { pixels[i + 1] = clipped(Double(pixels[i + 1]) + scale * second) }
            }
        }
        return result
    }

    private static func clipped(_ value: Double) -> UInt8 {
        UInt8(max(0, min(255, value)).rounded(.toNearestOrEven))
    }
}
