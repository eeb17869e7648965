import Foundation
import Pictures

/// Rotation about the centre by bilinear interpolation, black where there is no image: `Image.rotate(degrees, BILINEAR)`.
enum Rotation {
    /// The result has the image's size.
    static func turn(_ image: RGBImage, degrees: Double) -> RGBImage {
        BilinearTransform.transform(
            image, width: image.width, height: image.height,
            map: .rotation(degrees: degrees, width: image.width, height: image.height))
    }

    /// On a canvas that holds all of it: `expand=True`.
    static func expand(_ image: RGBImage, degrees: Double) -> RGBImage {
        let rest = degrees.truncatingRemainder(dividingBy: 360)
        let angle = rest < 0 ? rest + 360 : rest
        if angle == 0 { return image }
        if angle.truncatingRemainder(dividingBy: 90) == 0 { return RightAngles.turn(image, degrees: Int(angle)) }
        let (width, height) = (Double(image.width), Double(image.height))
        var map = PlaneMap.rotation(degrees: degrees, width: image.width, height: image.height)
        let corners = [(0, 0), (width, 0), (width, height), (0, height)].map { map.source(of: .init(x: $0, y: $1)) }
        func side(_ values: [Double]) -> Int {
            let (low, high) = (values.min() ?? 0, values.max() ?? 0)
            return Int(high.rounded(.up) - low.rounded(.down))
        }
        let canvas = (width: side(corners.map(\.x)), height: side(corners.map(\.y)))
        map.move(x: -(Double(canvas.width) - width) / 2, y: -(Double(canvas.height) - height) / 2)
        return BilinearTransform.transform(image, width: canvas.width, height: canvas.height, map: map)
    }

    /// Without its corners: of the turned image the largest upright window in the image's proportions, at its own pixels.
    static func straighten(_ image: RGBImage, degrees: Double) -> RGBImage {
        let (width, height) = (Double(image.width), Double(image.height))
        let angle = degrees * .pi / 180
        let (cosine, sine) = (abs(cos(angle)), abs(sin(angle)))
        let share = min(
            width / (width * cosine + height * sine), height / (width * sine + height * cosine))
        return PixelWindow.centre(
            turn(image, degrees: degrees), width: max(1, Int(width * share)), height: max(1, Int(height * share)))
    }
}
