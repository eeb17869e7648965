import Pictures
import RandomNumbers

/// torchvision's `RandomPerspective`: the image drawn, bilinear, into a quadrilateral on black.
enum Perspective {
    /// Each corner moves inwards by whole pixels, in both directions by 0 to a share of half the side, with equal chance.
    /// - Parameter share: 0 to 0.6, so that the quadrilateral is convex.
    static func random(_ image: RGBImage, share: Double, using generator: inout SeededGenerator) -> RGBImage {
        let (right, bottom) = (image.width - 1, image.height - 1)
        guard right > 0, bottom > 0 else { return image }
        let reach = (x: Int(share * Double(image.width / 2)), y: Int(share * Double(image.height / 2)))
        let corners = [(false, false), (true, false), (true, true), (false, true)].map { isRight, isLower in
            let x = PixelWindow.place(reach.x, using: &generator)
            let y = PixelWindow.place(reach.y, using: &generator)
            return PlaneMap.Point(x: Double(isRight ? right - x : x), y: Double(isLower ? bottom - y : y))
        }
        let map = PlaneMap.drawing(into: corners, width: Double(right), height: Double(bottom))
        return BilinearTransform.transform(image, width: image.width, height: image.height, map: map)
    }
}
