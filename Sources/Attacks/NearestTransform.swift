import Foundation
import Pictures

/// Geometric changes that take each pixel from one place, without interpolation.
enum NearestTransform {
    /// `torchvision.transforms.functional.rotate(image, degrees)`, which is `Image.rotate` of Pillow: nearest neighbour,
    /// about the centre, black where there is no image.
    ///
    /// As Pillow, the source of each pixel is walked along rows and columns in 16.16 fixed point. Pillow does so up to
    /// sides of 32,767 pixels only; beyond it a pixel may come from a neighbour of Pillow's choice.
    static func rotate(_ image: RGBImage, degrees: Double) -> RGBImage {
        let angle = -degrees.truncatingRemainder(dividingBy: 360) * .pi / 180
        let (cosine, sine) = (rounded(cos(angle)), rounded(sin(angle)))
        let (centreX, centreY) = (Double(image.width) / 2, Double(image.height) / 2)
        let offsetX = centreX - cosine * centreX - sine * centreY
        let offsetY = centreY + sine * centreX - cosine * centreY
        // Position of the middle of the first pixel, then the steps along a row and down a column.
        var (rowX, rowY) = (
            fixed(offsetX + cosine * 0.5 + sine * 0.5), fixed(offsetY - sine * 0.5 + cosine * 0.5)
        )
        let (a, b) = (fixed(cosine), fixed(sine))
        let (d, e) = (fixed(-sine), fixed(cosine))
        return mapped(image) { source, target in
            var out = 0
            for _ in 0..<image.height {
                var (x, y) = (rowX, rowY)
                for _ in 0..<image.width {
                    let (column, row) = (x >> 16, y >> 16)
                    if column >= 0, column < image.width, row >= 0, row < image.height {
                        let at = (row * image.width + column) * 3
                        for channel in 0..<3 { target[out + channel] = source[at + channel] }
                    }
                    out += 3
                    x += a
                    y += d
                }
                rowX += b
                rowY += e
            }
        }
    }

    /// Moved by whole pixels; what is left free is black.
    static func shift(_ image: RGBImage, right: Int, down: Int) -> RGBImage {
        mapped(image) { source, target in
            for y in max(0, down)..<max(max(0, down), image.height + min(0, down)) {
                for x in max(0, right)..<max(max(0, right), image.width + min(0, right)) {
                    let from = ((y - down) * image.width + x - right) * 3
                    let to = (y * image.width + x) * 3
                    for channel in 0..<3 { target[to + channel] = source[from + channel] }
                }
            }
        }
    }

    /// Left and right exchanged.
    static func mirror(_ image: RGBImage) -> RGBImage {
        mapped(image) { source, target in
            for y in 0..<image.height {
                let row = y * image.width
                for x in 0..<image.width {
                    for channel in 0..<3 {
                        target[(row + x) * 3 + channel] = source[(row + image.width - 1 - x) * 3 + channel]
                    }
                }
            }
        }
    }

    /// An image of the same size, black where `body` writes nothing.
    private static func mapped(
        _ image: RGBImage, _ body: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> Void
    ) -> RGBImage {
        var pixels = [UInt8](repeating: 0, count: image.pixels.count)
        image.pixels.withUnsafeBufferPointer { source in
            pixels.withUnsafeMutableBufferPointer { body(source, $0) }
        }
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }

    /// 16.16 fixed point.
    private static func fixed(_ value: Double) -> Int { Int((value * 65536 + 0.5).rounded(.down)) }

    /// To 15 decimals, so that right angles are exact.
    private static func rounded(_ value: Double) -> Double { (value * 1e15).rounded() / 1e15 }
}
