import Pictures
import RandomNumbers

/// A window of the image, stretched to the image's size with Pillow's antialiased bilinear filter.
///
/// On a square image this is the Tree-Ring code's attack, torchvision's `RandomResizedCrop(size, scale=(s, s),
/// ratio=(1, 1))`; on another one the window keeps the image's proportions, `ratio=(W/H, W/H)`. The place is drawn from our
/// own generator.
package enum CropAndRescale {
    /// A window of a share of the area, anywhere in the image with equal chance.
    static func random(_ image: RGBImage, area: Double, using generator: inout SeededGenerator) -> RGBImage {
        let (width, height) = window(image, area: area)
        let left = PixelWindow.place(image.width - width, using: &generator)
        let top = PixelWindow.place(image.height - height, using: &generator)
        return crop(image, left: left, top: top, width: width, height: height)
    }

    /// Sides of the window, at least one pixel each.
    package static func window(_ image: RGBImage, area: Double) -> (width: Int, height: Int) {
        let share = area.squareRoot()
        func side(_ whole: Int) -> Int {
            min(whole, max(1, Int((Double(whole) * share).rounded(.toNearestOrEven))))
        }
        return (side(image.width), side(image.height))
    }

    /// The window at `left`, `top`, stretched to the image's size: `torchvision.transforms.functional.resized_crop`.
    package static func crop(_ image: RGBImage, left: Int, top: Int, width: Int, height: Int) -> RGBImage {
        let window = PixelWindow.cut(image, left: left, top: top, width: width, height: height)
        return Resampling.resize(window, width: image.width, height: image.height)
    }
}
