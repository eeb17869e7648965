import Foundation
import Pictures

/// `PIL.ImageFilter.GaussianBlur(radius)`, bit by bit: three extended box filters along each axis (Gwosdek et al. 2011,
/// "Theoretical foundations of Gaussian convolution by extended box filtering"), each rounded to 8 bits; beyond the
/// border the nearest pixel goes on.
///
/// Notation (Gwosdek et al.):
///
///     L   length of a box whose variance is a third of the Gaussian's, eq. 7
///     l   whole part of the box's radius, eq. 11
///     a   weight of the two pixels beyond it, eq. 14
enum GaussianBlur {
    private static let passes = 3

    /// - Parameter radius: standard deviation in pixels, from 0.
    static func blur(_ image: RGBImage, radius: Double) -> RGBImage {
        let box = boxRadius(Float(radius))
        guard box > 0 else { return image }
        var horizontal = image
        blurRows(&horizontal, radius: box)
        var vertical = transposed(horizontal)
        blurRows(&vertical, radius: box)
        return transposed(vertical)
    }

    /// l + a, in single precision as Pillow has it.
    private static func boxRadius(_ radius: Float) -> Float {
        let variance = radius * radius / Float(passes)
        let length = Float((12 * Double(variance) + 1).squareRoot())
        let l = Float(((Double(length) - 1) / 2).rounded(.down))
        var a = (2 * l + 1) * (l * (l + 1) - 3 * variance)
        a /= 6 * (variance - (l + 1) * (l + 1))
        return l + a
    }

    private static func blurRows(_ image: inout RGBImage, radius: Float) {
        let whole = Int(radius)
        // Weights of 24 fractional bits: of the pixels in the box, and of the one beyond each end.
        let weight = UInt32(Float(1 << 24) / (radius * 2 + 1))
        let far = (UInt32(1 << 24) - UInt32(2 * whole + 1) * weight) / 2
        let (width, height) = (image.width, image.height)
        // The row with its border pixels repeated, so that no position needs a case of its own.
        let margin = whole + 1
        var line = [UInt32](repeating: 0, count: width + 2 * margin)
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            line.withUnsafeMutableBufferPointer { line in
                for y in 0..<height {
                    for channel in 0..<3 {
                        let start = y * width * 3 + channel
                        for _ in 0..<passes {
                            for x in 0..<width { line[margin + x] = UInt32(pixels[start + 3 * x]) }
                            for i in 0..<margin {
                                line[i] = line[margin]
                                line[margin + width + i] = line[margin + width - 1]
                            }
                            var sum: UInt32 = 0
                            for i in 1..<2 * whole + 2 { sum += line[i] }
                            for x in 0..<width {
                                let ends = line[x] + line[x + 2 * margin]
                                let value = sum &* weight &+ ends &* far &+ 1 << 23
                                pixels[start + 3 * x] = UInt8(truncatingIfNeeded: value >> 24)
                                sum = sum &+ line[x + 2 * margin] &- line[x + 1]
                            }
                        }
                    }
                }
            }
        }
    }

    private static func transposed(_ image: RGBImage) -> RGBImage {
        let pixels = [UInt8](unsafeUninitializedCapacity: image.pixels.count) { target, count in
            image.pixels.withUnsafeBufferPointer { source in
                for y in 0..<image.height {
                    for x in 0..<image.width {
                        let (from, to) = ((y * image.width + x) * 3, (x * image.height + y) * 3)
                        for channel in 0..<3 { target[to + channel] = source[from + channel] }
                    }
                }
            }
            count = image.pixels.count
        }
        return RGBImage(width: image.height, height: image.width, pixels: pixels)
    }
}
