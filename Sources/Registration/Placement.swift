import Foundation

/// Where a generated frame lies in the frame that was observed: O = A(U + s), points of both counted from the frame's
/// centre in units of its sides.
public struct Placement: Sendable, Equatable {
    /// A.
    public let map: LinearMap
    /// s, in parts of the generated frame's sides, modulo 1, in -½ ..< ½.
    public let shift: (x: Double, y: Double)

    /// A placement; the shift is taken modulo the frame.
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
    /// bottom right, bottom left. Of the turns of the shift by whole frames, which nothing tells apart, the one whose
    /// frame covers most of the middle of the picture.
    public var corners: [(x: Double, y: Double)] {
        let shift = nearestShift
        return [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map { x, y in
            map(x: x + shift.x, y: y + shift.y)
        }
    }

    /// The shift whose frame's middle lies nearest to the middle of the picture.
    public var nearestShift: (x: Double, y: Double) {
        let turns = [-1.0, 0, 1].flatMap { x in [-1.0, 0, 1].map { (shift.x + x, shift.y + $0) } }
        func distance(_ shift: (Double, Double)) -> Double {
            let middle = map(x: shift.0, y: shift.1)
            return hypot(middle.x, middle.y)
        }
        return turns.min { distance($0) < distance($1) } ?? shift
    }

    /// The same map and shift.
    public static func == (left: Placement, right: Placement) -> Bool {
        left.map == right.map && left.shift == right.shift
    }
}
