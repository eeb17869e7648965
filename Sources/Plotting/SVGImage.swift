import Foundation
import Images
import Pictures

/// Pictures inside a picture, as PNG in the text itself.
enum SVGImage {
    /// An `<image>` element with a thin outline.
    static func element(
        _ image: RGBImage, x: Double, y: Double, width: Double, height: Double
    ) throws -> [String] {
        let place =
            #"x="\#(SVGText.number(x))" y="\#(SVGText.number(y))" width="\#(SVGText.number(width))" height="\#(SVGText.number(height))""#
        let data = try Data(PNGEncoder.encode(image)).base64EncodedString()
        return [
            #"<image \#(place) preserveAspectRatio="none" href="data:image/png;base64,\#(data)"/>"#,
            #"<rect \#(place) fill="none" stroke="\#(PictureColours.line)"/>"#,
        ]
    }

    /// The image at no more than `longest` pixels a side, its shape kept: a picture of a picture needs no more.
    static func reduced(_ image: RGBImage, longest: Int) -> RGBImage {
        let side = max(image.width, image.height)
        guard side > longest else { return image }
        let scale = Double(longest) / Double(side)
        return Resampling.resize(
            image, width: max(1, Int((Double(image.width) * scale).rounded())),
            height: max(1, Int((Double(image.height) * scale).rounded())))
    }

    /// The image with each pixel repeated until the shorter side has `shortest` pixels, so that pixels stay squares with
    /// edges however a viewer scales them.
    static func magnified(_ image: RGBImage, shortest: Int) -> RGBImage {
        let factor = (shortest - 1) / max(min(image.width, image.height), 1) + 1
        guard factor > 1 else { return image }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(image.pixels.count * factor * factor)
        for row in 0..<image.height {
            let line = (0..<image.width * factor).flatMap { column -> ArraySlice<UInt8> in
                let at = 3 * (row * image.width + column / factor)
                return image.pixels[at..<at + 3]
            }
            for _ in 0..<factor { pixels += line }
        }
        return RGBImage(width: image.width * factor, height: image.height * factor, pixels: pixels)
    }
}
