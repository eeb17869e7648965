import Foundation

/// Where a generated frame lies in the frame that was observed: O = A(U + s), points of both counted from the frame's
/// centre in units of its sides.
public struct Placement: Sendable, Equatable {
    /// A.
    public let map: LinearMap
    /// s, in parts of the generated frame's sides.
    public let shift: (x: Double, y: Double)

    /// A placement; the shift is taken modulo the frame, to -½ ..< ½.
    public init(_ map: LinearMap, shift: (x: Double, y: Double) = (0, 0)) {
        func wrapped(_ part: Double) -> Double { part - (part + 0.5).rounded(.down) }
        self.map = map
        self.shift = (wrapped(shift.x), wrapped(shift.y))
    }

    /// Whether left and right are exchanged.
    public var isMirrored: Bool { map.determinant < 0 }

    /// How far the picture is turned anticlockwise, in degrees from -180 to 180, after it was mirrored if it was.
    public var degrees: Double {
        // A = R·S for the turn R that is nearest to it.
        let unmirrored = isMirrored ? map * .mirror : map
        return atan2(unmirrored.xy - unmirrored.yx, unmirrored.xx + unmirrored.yy) * 180 / .pi
    }

    /// How much wider and higher the frame's sides are than those that show it whole: the lengths of A's columns.
    public var scale: (x: Double, y: Double) { (hypot(map.xx, map.yx), hypot(map.xy, map.yy)) }

    /// Where the corners of the generated frame lie in the observed one, from -½ to ½ inside it: top left, top right,
    /// bottom right, bottom left.
    public var corners: [(x: Double, y: Double)] {
        [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map { x, y in map(x: x + shift.x, y: y + shift.y) }
    }

    /// The same placement as far as a search can tell: a shift is known modulo the frame. Of its turns by whole frames the
    /// one whose middle lies nearest to a point, best the middle of what the picture shows.
    /// - Parameter point: from -½ to ½ inside the observed frame.
    public func turned(near point: (x: Double, y: Double)) -> Placement {
        let turns = [-1.0, 0, 1].flatMap { x in
            [-1.0, 0, 1].map { Placement(map, exactly: (shift.x + x, shift.y + $0)) }
        }
        func distance(_ placement: Placement) -> Double {
            let middle = map(x: placement.shift.x, y: placement.shift.y)
            return hypot(middle.x - point.x, middle.y - point.y)
        }
        return turns.min { distance($0) < distance($1) } ?? self
    }

    private init(_ map: LinearMap, exactly shift: (x: Double, y: Double)) {
        (self.map, self.shift) = (map, shift)
    }

    /// The same map and shift.
    public static func == (left: Placement, right: Placement) -> Bool {
        left.map == right.map && left.shift == right.shift
    }
}
