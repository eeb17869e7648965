import Foundation
import Pictures

/// `Image.transform(size, AFFINE or PERSPECTIVE, map, BILINEAR)` of Pillow, bit by bit: each pixel is the blend of the four
/// around its source, cut off to 8 bits, in double precision; a source outside the image gives the background.
enum BilinearTransform {
    static func transform(
        _ image: RGBImage, width: Int, height: Int, map: PlaneMap, background: [UInt8] = [0, 0, 0]
    ) -> RGBImage {
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        image.pixels.withUnsafeBufferPointer { source in
            var at = 0
            for y in 0..<height {
                for x in 0..<width {
                    let place = map.source(of: .init(x: Double(x) + 0.5, y: Double(y) + 0.5))
                    if let corners = Corners(place, in: image) {
                        for channel in 0..<3 { pixels[at + channel] = corners.blended(source, channel) }
                    } else {
                        for channel in 0..<3 { pixels[at + channel] = background[channel] }
                    }
                    at += 3
                }
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    /// The four pixels around a place, at the border the nearest ones, and how far the place is from the first.
    private struct Corners {
        let upperLeft, upperRight, lowerLeft, lowerRight: Int
        let right, down: Double

        /// Nil outside the image.
        init?(_ place: PlaneMap.Point, in image: RGBImage) {
            let (width, height) = (image.width, image.height)
            guard place.x >= 0, place.x < Double(width), place.y >= 0, place.y < Double(height) else { return nil }
            let (column, row) = ((place.x - 0.5).rounded(.down), (place.y - 0.5).rounded(.down))
            (right, down) = (place.x - 0.5 - column, place.y - 0.5 - row)
            let (x, y) = (Int(column), Int(row))
            let (left, next) = (max(x, 0), min(x + 1, width - 1))
            let (upper, lower) = (max(y, 0) * width, min(y + 1, height - 1) * width)
            (upperLeft, upperRight) = (3 * (upper + left), 3 * (upper + next))
            (lowerLeft, lowerRight) = (3 * (lower + left), 3 * (lower + next))
        }

        func blended(_ pixels: UnsafeBufferPointer<UInt8>, _ channel: Int) -> UInt8 {
            func between(_ first: Double, _ second: Double, _ share: Double) -> Double {
                first + (second - first) * share
            }
            func sample(_ at: Int) -> Double { Double(pixels[at + channel]) }
            let above = between(sample(upperLeft), sample(upperRight), right)
            let below = between(sample(lowerLeft), sample(lowerRight), right)
            return UInt8(between(above, below, down))
        }
    }
}
