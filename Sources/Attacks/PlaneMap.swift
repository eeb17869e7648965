import Foundation

/// Where each point of a result comes from: a projective map of the plane, in pixels, with (0, 0) at the upper left corner
/// of the first pixel. Pillow's `Image.transform` takes the same eight numbers.
///
///     x' = (a·x + b·y + c) / (g·x + h·y + 1)
///     y' = (d·x + e·y + f) / (g·x + h·y + 1)
struct PlaneMap {
    var a, b, c, d, e, f: Double
    var g = 0.0
    var h = 0.0

    /// A point of the plane.
    struct Point {
        var x, y: Double
    }

    /// The source of a point of the result.
    func source(of point: Point) -> Point {
        let scale = g * point.x + h * point.y + 1
        return Point(x: (a * point.x + b * point.y + c) / scale, y: (d * point.x + e * point.y + f) / scale)
    }

    /// The result begins at `x`, `y` of what it was.
    mutating func move(x: Double, y: Double) {
        (c, f) = (a * x + b * y + c, d * x + e * y + f)
    }

    /// Turned anticlockwise about the centre of `width` × `height`, as `Image.rotate` has it.
    static func rotation(degrees: Double, width: Int, height: Int) -> PlaneMap {
        /// To 15 decimals, so that right angles are exact.
        func rounded(_ value: Double) -> Double { (value * 1e15).rounded() / 1e15 }
        let angle = -degrees.truncatingRemainder(dividingBy: 360) * .pi / 180
        let (cosine, sine) = (rounded(cos(angle)), rounded(sin(angle)))
        let centre = Point(x: Double(width) / 2, y: Double(height) / 2)
        var map = PlaneMap(a: cosine, b: sine, c: 0, d: -sine, e: cosine, f: 0)
        map.move(x: -centre.x, y: -centre.y)
        map.c += centre.x
        map.f += centre.y
        return map
    }

    /// The rectangle with corners (0, 0) and (`width`, `height`) is drawn into a quadrilateral (Heckbert 1989,
    /// "Fundamentals of texture mapping and image warping", 2.2.3, inverted).
    /// - Parameters:
    ///   - corners: convex, clockwise from the upper left.
    ///   - width: above 0.
    ///   - height: above 0.
    static func drawing(into corners: [Point], width: Double, height: Double) -> PlaneMap {
        precondition(corners.count == 4 && width > 0 && height > 0, "\(corners) for \(width)×\(height)")
        let (p, q, r, s) = (corners[0], corners[1], corners[2], corners[3])
        let (x1, y1, x2, y2) = (q.x - r.x, q.y - r.y, s.x - r.x, s.y - r.y)
        let (x3, y3) = (p.x - q.x + r.x - s.x, p.y - q.y + r.y - s.y)
        // All eight times `area`, so that whole corners give whole numbers.
        let area = x1 * y2 - x2 * y1
        let (g, h) = (x3 * y2 - x2 * y3, x1 * y3 - x3 * y1)
        let (a, b, c) = ((q.x - p.x) * area + g * q.x, (s.x - p.x) * area + h * s.x, p.x * area)
        let (d, e, f) = ((q.y - p.y) * area + g * q.y, (s.y - p.y) * area + h * s.y, p.y * area)
        // The inverse by its adjugate, divided by what stands in the place of the 1.
        let last = a * e - b * d
        return PlaneMap(
            a: width * (e * area - f * h) / last, b: width * (c * h - b * area) / last,
            c: width * (b * f - c * e) / last, d: height * (f * g - d * area) / last,
            e: height * (a * area - c * g) / last, f: height * (c * d - a * f) / last, g: (d * h - e * g) / last,
            h: (b * g - a * h) / last)
    }
}
