import Pictures

/// A picture that others are laid on.
struct Canvas {
    private(set) var image: RGBImage

    /// One colour everywhere: red, green, blue.
    init(width: Int, height: Int, colour: [UInt8]) {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * 3)
        for _ in 0..<width * height { pixels += colour }
        image = RGBImage(width: width, height: height, pixels: pixels)
    }

    /// A rectangle of one colour; what lies outside the canvas is left out.
    mutating func fill(columns: Range<Int>, rows: Range<Int>, colour: [UInt8]) {
        let columns = columns.clamped(to: 0..<image.width)
        for y in rows.clamped(to: 0..<image.height) {
            for x in columns {
                let at = (y * image.width + x) * 3
                for channel in 0..<3 { image.pixels[at + channel] = colour[channel] }
            }
        }
    }

    /// - Precondition: all of `picture` is on the canvas.
    mutating func lay(_ picture: RGBImage, left: Int, top: Int) {
        precondition(
            left >= 0 && top >= 0 && left + picture.width <= image.width && top + picture.height <= image.height,
            "\(picture.width)×\(picture.height) at \(left),\(top) is not on \(image.width)×\(image.height)")
        let row = picture.width * 3
        for y in 0..<picture.height {
            let (from, to) = (y * row, ((top + y) * image.width + left) * 3)
            image.pixels.replaceSubrange(to..<to + row, with: picture.pixels[from..<from + row])
        }
    }
}
