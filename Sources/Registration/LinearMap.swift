import Foundation

/// A linear map of the plane, in columns x and rows y.
public struct LinearMap: Sendable, Equatable {
    /// What x' takes of x and of y.
    public let xx: Double, xy: Double
    /// What y' takes of x and of y.
    public let yx: Double, yy: Double

    /// The map ((xx, xy), (yx, yy)).
    public init(xx: Double, xy: Double, yx: Double, yy: Double) {
        (self.xx, self.xy, self.yx, self.yy) = (xx, xy, yx, yy)
    }

    /// What is there stays.
    public static let identity = LinearMap.scale(x: 1, y: 1)

    /// Each axis by itself.
    public static func scale(x: Double, y: Double) -> LinearMap { LinearMap(xx: x, xy: 0, yx: 0, yy: y) }

    /// Turned anticlockwise as a picture is seen, whose rows go down.
    public static func turn(degrees: Double) -> LinearMap {
        let angle = degrees * .pi / 180
        return LinearMap(xx: cos(angle), xy: sin(angle), yx: -sin(angle), yy: cos(angle))
    }

    /// Mirrored left to right.
    public static let mirror = LinearMap.scale(x: -1, y: 1)

    /// The determinant; negative for a map that mirrors.
    public var determinant: Double { xx * yy - xy * yx }

    /// The map back. The determinant must not be 0.
    public var inverse: LinearMap {
        let determinant = self.determinant
        precondition(determinant != 0, "no map leads back from \(self)")
        return LinearMap(
            xx: yy / determinant, xy: -xy / determinant, yx: -yx / determinant, yy: xx / determinant)
    }

    /// A⁻ᵀ: where the frequencies of a picture go when the picture is mapped by A.
    public var ofFrequencies: LinearMap {
        let back = inverse
        return LinearMap(xx: back.xx, xy: back.yx, yx: back.xy, yy: back.yy)
    }

    /// Where a point goes.
    public func callAsFunction(x: Double, y: Double) -> (x: Double, y: Double) {
        (xx * x + xy * y, yx * x + yy * y)
    }

    /// First the right one, then the left one.
    public static func * (left: LinearMap, right: LinearMap) -> LinearMap {
        LinearMap(
            xx: left.xx * right.xx + left.xy * right.yx, xy: left.xx * right.xy + left.xy * right.yy,
            yx: left.yx * right.xx + left.yy * right.yx, yy: left.yx * right.xy + left.yy * right.yy)
    }
}
