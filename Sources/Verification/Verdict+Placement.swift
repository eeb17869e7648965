import Registration
import Verdicts

extension Verdict.Placement {
    /// A placement as verdicts tell it.
    /// - Parameters:
    ///   - placement: in units of the sides of both frames.
    ///   - tier: the part of the search.
    ///   - frame: width and height of the model's frame in pixels.
    ///   - picture: width and height of the judged picture in pixels.
    init(
        _ placement: Placement, tier: String, frame: (width: Int, height: Int), picture: (width: Int, height: Int)
    ) {
        // From pixels to pixels, where a turn is a turn whatever the proportions.
        let pixels = Placement(
            .scale(x: Double(picture.width), y: Double(picture.height)) * placement.map
                * .scale(x: 1 / Double(frame.width), y: 1 / Double(frame.height)))
        self.init(
            tier: tier, degrees: pixels.degrees, isMirrored: pixels.isMirrored,
            width: pixels.scale.x * Double(frame.width), height: pixels.scale.y * Double(frame.height),
            shiftX: placement.shift.x, shiftY: placement.shift.y,
            corners: placement.corners.map { [$0.x + 0.5, $0.y + 0.5] })
    }
}
