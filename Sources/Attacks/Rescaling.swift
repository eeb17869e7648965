import Pictures

/// Other sizes and proportions, by Pillow's `resize(…, BILINEAR)`.
enum Rescaling {
    /// To a factor of the sides; the result keeps the new size.
    static func scale(_ image: RGBImage, by factor: Double) -> RGBImage {
        stretch(image, across: factor, down: factor)
    }

    /// To a factor of the sides and back.
    static func thereAndBack(_ image: RGBImage, by factor: Double) -> RGBImage {
        Resampling.resize(scale(image, by: factor), width: image.width, height: image.height)
    }

    /// Width : height becomes `factor` times what it was, at the same area.
    static func aspect(_ image: RGBImage, factor: Double) -> RGBImage {
        stretch(image, across: factor.squareRoot(), down: 1 / factor.squareRoot())
    }

    private static func stretch(_ image: RGBImage, across: Double, down: Double) -> RGBImage {
        func side(_ whole: Int, _ factor: Double) -> Int {
            max(1, Int((Double(whole) * factor).rounded(.toNearestOrEven)))
        }
        let (width, height) = (side(image.width, across), side(image.height, down))
        // Pillow 13 begins with the rows where they become fewer by more than twice what the columns do.
        let beginsWithRows = height < image.height && image.height - height > 2 * (image.width - width)
        let begun = beginsWithRows ? Resampling.resize(image, width: image.width, height: height) : image
        return Resampling.resize(begun, width: width, height: height)
    }
}
