import Pictures

/// Geometric changes that take each pixel from one place, without interpolation.
enum NearestTransform {
    /// `torchvision.transforms.functional.rotate(image, degrees)`, which is `Image.rotate` of Pillow: nearest neighbour,
    /// about the centre, black where there is no image.
    ///
    /// As Pillow, the source of each pixel is walked along rows and columns in 16.16 fixed point. Pillow does so up to
    /// sides of 32,767 pixels only; beyond it a pixel may come from a neighbour of Pillow's choice.
    static func rotate(_ image: RGBImage, degrees: Double) -> RGBImage {
        let map = PlaneMap.rotation(degrees: degrees, width: image.width, height: image.height)
        // Position of the middle of the first pixel, then the steps along a row and down a column.
        let first = map.source(of: .init(x: 0.5, y: 0.5))
        var (rowX, rowY) = (fixed(first.x), fixed(first.y))
        let (a, b) = (fixed(map.a), fixed(map.b))
        let (d, e) = (fixed(map.d), fixed(map.e))
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

    /// Moved right and down by a share of the sides, to whole pixels; what is left free is black.
    static func shift(_ image: RGBImage, share: Double) -> RGBImage {
        let right = Int((Double(image.width) * share).rounded())
        let down = Int((Double(image.height) * share).rounded())
        return mapped(image) { source, target in
            for y in max(0, down)..<max(max(0, down), image.height + min(0, down)) {
                for x in max(0, right)..<max(max(0, right), image.width + min(0, right)) {
                    let from = ((y - down) * image.width + x - right) * 3
                    let to = (y * image.width + x) * 3
                    for channel in 0..<3 { target[to + channel] = source[from + channel] }
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
}
