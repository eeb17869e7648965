import Pictures

/// Changes that move pixels to other places of the grid and lose none.
enum RightAngles {
    /// Left and right exchanged: `ImageOps.mirror`.
    static func mirror(_ image: RGBImage) -> RGBImage {
        rearranged(image, width: image.width, height: image.height) { (image.width - 1 - $0, $1) }
    }

    /// Above and below exchanged: `ImageOps.flip`.
    static func flip(_ image: RGBImage) -> RGBImage {
        rearranged(image, width: image.width, height: image.height) { ($0, image.height - 1 - $1) }
    }

    /// Turned anticlockwise by 90, 180 or 270 degrees: `transpose(Image.ROTATE_90)` and so on.
    static func turn(_ image: RGBImage, degrees: Int) -> RGBImage {
        let (right, bottom) = (image.width - 1, image.height - 1)
        switch degrees {
        case 90: return rearranged(image, width: image.height, height: image.width) { (right - $1, $0) }
        case 180: return rearranged(image, width: image.width, height: image.height) { (right - $0, bottom - $1) }
        case 270: return rearranged(image, width: image.height, height: image.width) { ($1, bottom - $0) }
        default: preconditionFailure("a turn by \(degrees)° is no quarter turn")
        }
    }

    /// - Parameter source: column and row of the image for a column and row of the result.
    private static func rearranged(
        _ image: RGBImage, width: Int, height: Int, _ source: (Int, Int) -> (Int, Int)
    ) -> RGBImage {
        var pixels = [UInt8](repeating: 0, count: image.pixels.count)
        for y in 0..<height {
            for x in 0..<width {
                let (column, row) = source(x, y)
                let (from, to) = ((row * image.width + column) * 3, (y * width + x) * 3)
                for channel in 0..<3 { pixels[to + channel] = image.pixels[from + channel] }
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
