import Foundation
import Images

/// A colour, 0 ... 255 a channel.
public struct Colour: Sendable, Equatable {
    /// 0 ... 255.
    public let red: UInt8
    /// 0 ... 255.
    public let green: UInt8
    /// 0 ... 255.
    public let blue: UInt8

    /// A colour of its three channels.
    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The ground.
    public static let white = Colour(255, 255, 255)
    /// Text.
    public static let black = Colour(20, 20, 20)
    /// Frames and bars.
    public static let grey = Colour(150, 150, 150)
    /// Auxiliary lines.
    public static let light = Colour(225, 225, 225)
    /// Told apart from orange by brightness too, so that a grey print keeps the difference.
    public static let blue = Colour(25, 75, 140)
    /// Lines that tell of the key.
    public static let orange = Colour(230, 145, 40)
}

/// A drawing area of RGB pixels, white at first. Whatever lies outside is cut off.
public struct Canvas: Sendable {
    /// What has been drawn so far.
    public private(set) var image: RGBImage

    /// A white area of a size in pixels.
    public init(width: Int, height: Int) {
        image = RGBImage(width: width, height: height, pixels: [UInt8](repeating: 255, count: width * height * 3))
    }

    /// Mixes a colour into one pixel; 1 covers it.
    public mutating func blend(_ x: Int, _ y: Int, _ colour: Colour, _ coverage: Double = 1) {
        guard x >= 0, y >= 0, x < image.width, y < image.height, coverage > 0 else { return }
        let at = (y * image.width + x) * 3
        let share = min(coverage, 1)
        for (offset, value) in [colour.red, colour.green, colour.blue].enumerated() {
            let mixed = Double(image.pixels[at + offset]) * (1 - share) + Double(value) * share
            image.pixels[at + offset] = UInt8(mixed.rounded())
        }
    }

    /// Covers a rectangle.
    public mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: Colour) {
        for row in max(0, y)..<max(max(0, y), min(y + height, image.height)) {
            for column in max(0, x)..<max(max(0, x), min(x + width, image.width)) { blend(column, row, colour) }
        }
    }

    /// Draws a rectangle's outline, one pixel wide, inside it.
    public mutating func frame(x: Int, y: Int, width: Int, height: Int, _ colour: Colour) {
        fill(x: x, y: y, width: width, height: 1, colour)
        fill(x: x, y: y + height - 1, width: width, height: 1, colour)
        fill(x: x, y: y, width: 1, height: height, colour)
        fill(x: x + width - 1, y: y, width: 1, height: height, colour)
    }

    /// An antialiased line of a width in pixels.
    public mutating func line(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), width: Double = 1, _ colour: Colour
    ) {
        let reach = width / 2 + 1
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let squared = dx * dx + dy * dy
        cover(
            x: min(start.x, end.x) - reach...max(start.x, end.x) + reach,
            y: min(start.y, end.y) - reach...max(start.y, end.y) + reach, colour
        ) { x, y in
            let along = squared == 0 ? 0 : min(max(((x - start.x) * dx + (y - start.y) * dy) / squared, 0), 1)
            return width / 2 + 0.5 - hypot(x - start.x - along * dx, y - start.y - along * dy)
        }
    }

    /// An antialiased circle line.
    public mutating func circle(
        centre: (x: Double, y: Double), radius: Double, width: Double = 1, _ colour: Colour
    ) {
        let reach = radius + width
        cover(x: centre.x - reach...centre.x + reach, y: centre.y - reach...centre.y + reach, colour) { x, y in
            width / 2 + 0.5 - abs(hypot(x - centre.x, y - centre.y) - radius)
        }
    }

    /// An antialiased disc.
    public mutating func disc(centre: (x: Double, y: Double), radius: Double, _ colour: Colour) {
        let reach = radius + 1
        cover(x: centre.x - reach...centre.x + reach, y: centre.y - reach...centre.y + reach, colour) { x, y in
            radius + 0.5 - hypot(x - centre.x, y - centre.y)
        }
    }

    /// Draws an image into a box, each pixel the nearest one of the image when enlarging, the mean of its area when
    /// shrinking.
    public mutating func draw(_ picture: RGBImage, x: Int, y: Int, width: Int, height: Int) {
        for row in 0..<height {
            let rows = Self.span(row, of: height, over: picture.height)
            for column in 0..<width {
                let columns = Self.span(column, of: width, over: picture.width)
                var sums = (0, 0, 0)
                for sourceRow in rows {
                    for sourceColumn in columns {
                        let at = (sourceRow * picture.width + sourceColumn) * 3
                        sums.0 += Int(picture.pixels[at])
                        sums.1 += Int(picture.pixels[at + 1])
                        sums.2 += Int(picture.pixels[at + 2])
                    }
                }
                let count = rows.count * columns.count
                blend(
                    x + column, y + row,
                    Colour(UInt8(sums.0 / count), UInt8(sums.1 / count), UInt8(sums.2 / count)))
            }
        }
    }

    private static func span(_ position: Int, of count: Int, over extent: Int) -> Range<Int> {
        let first = position * extent / count
        return first..<max(first + 1, (position + 1) * extent / count)
    }

    private mutating func cover(
        x: ClosedRange<Double>, y: ClosedRange<Double>, _ colour: Colour, _ coverage: (Double, Double) -> Double
    ) {
        guard let rows = Self.pixels(y, below: image.height), let columns = Self.pixels(x, below: image.width) else {
            return
        }
        for row in rows {
            for column in columns { blend(column, row, colour, coverage(Double(column), Double(row))) }
        }
    }

    /// The pixels that a range touches, nil where there are none.
    private static func pixels(_ range: ClosedRange<Double>, below count: Int) -> ClosedRange<Int>? {
        guard count > 0, range.upperBound >= 0, range.lowerBound < Double(count) else { return nil }
        return Int(max(range.lowerBound, 0))...Int(min(range.upperBound, Double(count - 1)))
    }
}
