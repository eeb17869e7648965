import Foundation
import Pictures
import RandomNumbers

/// torchvision's `adjust_brightness`, `adjust_contrast`, `adjust_saturation` and `adjust_gamma` on Pillow images, bit by
/// bit: the first three blend with a black, a mean-grey and a grey image, as Pillow's `ImageEnhance` does.
enum ColourAdjustment {
    static func brightness(_ image: RGBImage, factor: Double) -> RGBImage {
        blended(image, factor: factor) { _, _, _ in 0 }
    }

    /// `ColorJitter(brightness=strength)`: one random factor from max(0, 1 - strength) to 1 + strength.
    static func jitteredBrightness(
        _ image: RGBImage, by strength: Double, using generator: inout SeededGenerator
    ) -> RGBImage {
        let (low, high) = (max(0, 1 - strength), 1 + strength)
        return brightness(image, factor: low + (high - low) * generator.nextUniform())
    }

    static func contrast(_ image: RGBImage, factor: Double) -> RGBImage {
        var sum = 0
        for i in stride(from: 0, to: image.pixels.count, by: 3) {
            sum += grey(image.pixels[i], image.pixels[i + 1], image.pixels[i + 2])
        }
        let mean = Int(Double(sum) / Double(image.pixels.count / 3) + 0.5)
        return blended(image, factor: factor) { _, _, _ in mean }
    }

    static func saturation(_ image: RGBImage, factor: Double) -> RGBImage { blended(image, factor: factor, grey) }

    static func gamma(_ image: RGBImage, exponent: Double) -> RGBImage {
        let table = (0..<256).map { UInt8(255.999 * pow(Double($0) / 255, exponent)) }
        var result = image
        result.pixels.withUnsafeMutableBufferPointer { pixels in
            for i in pixels.indices { pixels[i] = table[Int(pixels[i])] }
        }
        return result
    }

    /// `Image.blend(base, image, factor)`: base + factor·(image - base) in single precision, cut off to 8 bits.
    private static func blended(
        _ image: RGBImage, factor: Double, _ base: (UInt8, UInt8, UInt8) -> Int
    ) -> RGBImage {
        let factor = Float(factor)
        var result = image
        result.pixels.withUnsafeMutableBufferPointer { pixels in
            for i in stride(from: 0, to: pixels.count, by: 3) {
                let from = base(pixels[i], pixels[i + 1], pixels[i + 2])
                for channel in i..<i + 3 {
                    let value = Float(from) + factor * Float(Int(pixels[channel]) - from)
                    pixels[channel] = UInt8(max(0, min(255, value)))
                }
            }
        }
        return result
    }

    /// Pillow's luma, ITU-R 601 in 16 fractional bits.
    private static func grey(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
        (Int(red) * 19595 + Int(green) * 38470 + Int(blue) * 7471 + 0x8000) >> 16
    }
}
