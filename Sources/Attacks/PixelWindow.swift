import Foundation
import Pictures
import RandomNumbers

/// A part of the image at its own pixels.
enum PixelWindow {
    /// - Parameters:
    ///   - left: first column.
    ///   - top: first row.
    static func cut(_ image: RGBImage, left: Int, top: Int, width: Int, height: Int) -> RGBImage {
        precondition(
            left >= 0 && top >= 0 && left + width <= image.width && top + height <= image.height,
            "the window \(left),\(top) \(width)×\(height) is not in \(image.width)×\(image.height)")
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * 3)
        for y in top..<top + height {
            let start = (y * image.width + left) * 3
            pixels += image.pixels[start..<start + width * 3]
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    /// A share of the area in the middle, in the image's proportions.
    static func centre(_ image: RGBImage, area: Double) -> RGBImage {
        let (width, height) = CropAndRescale.window(image, area: area)
        return centre(image, width: width, height: height)
    }

    /// The middle: torchvision's `center_crop`.
    static func centre(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
        cut(
            image, left: margin(image.width - width), top: margin(image.height - height), width: width, height: height)
    }

    /// A window of a share of the area anywhere in the image, its sides' shares of the image's in a proportion from 3:4 to
    /// 4:3, each as probable as its inverse, as in torchvision's `RandomResizedCrop`.
    static func random(_ image: RGBImage, area: Double, using generator: inout SeededGenerator) -> RGBImage {
        let stretch = pow(4.0 / 3, (2 * generator.nextUniform() - 1) / 2)
        // A window nearly as large as the image has no room for another proportion.
        let share = min(1, max(area, area.squareRoot() * stretch))
        func side(_ whole: Int, _ share: Double) -> Int {
            min(whole, max(1, Int((Double(whole) * share).rounded(.toNearestOrEven))))
        }
        let (width, height) = (side(image.width, share), side(image.height, area / share))
        let left = place(image.width - width, using: &generator)
        let top = place(image.height - height, using: &generator)
        return cut(image, left: left, top: top, width: width, height: height)
    }

    /// What is left before the middle: half of the excess, a half pixel to even, as Python rounds.
    static func margin(_ excess: Int) -> Int { Int((Double(excess) / 2).rounded(.toNearestOrEven)) }

    /// 0 to `slack` with equal chance.
    static func place(_ slack: Int, using generator: inout SeededGenerator) -> Int {
        min(slack, Int((1 - generator.nextUniform()) * Double(slack + 1)))
    }
}
