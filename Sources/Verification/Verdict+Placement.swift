import Registration
import Verdicts

extension Verdict.Placement {
    /// A placement as verdicts tell it.
    init(_ placement: Placement, tier: String) {
        let (scale, shift) = (placement.scale, placement.nearestShift)
        self.init(
            tier: tier, degrees: placement.degrees, isMirrored: placement.isMirrored, scaleX: scale.x,
            scaleY: scale.y, shiftX: shift.x, shiftY: shift.y,
            corners: placement.corners.map { [$0.x + 0.5, $0.y + 0.5] })
    }
}
