import Pictures

/// Black bars above and below, or to both sides, so that the whole has a given proportion: `ImageOps.pad` to a size at which
/// the picture keeps its pixels.
enum Letterbox {
    /// - Parameter proportion: width : height of the result, above 0.
    static func frame(_ image: RGBImage, proportion: Double) -> RGBImage {
        let (width, height) = (Double(image.width), Double(image.height))
        let isWide = proportion > width / height
        let size = (
            width: isWide ? max(image.width, Int((height * proportion).rounded(.toNearestOrEven))) : image.width,
            height: isWide ? image.height : max(image.height, Int((width / proportion).rounded(.toNearestOrEven)))
        )
        var canvas = Canvas(width: size.width, height: size.height, colour: [0, 0, 0])
        canvas.lay(
            image, left: PixelWindow.margin(size.width - image.width),
            top: PixelWindow.margin(size.height - image.height))
        return canvas.image
    }
}
