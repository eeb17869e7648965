import Foundation
import Registration
import Tensors
import Testing

/// What is told of a place: turns, scales, corners.
struct PlacementTests {
    @Test(arguments: [(0.3, 0.3), (0.5, -0.5), (-0.5, -0.5), (0.75, -0.25), (-0.6, 0.4), (1.3, 0.3), (-1.7, 0.3)])
    func shiftsAreTakenModuloTheFrame(given: Double, kept: Double) {
        let placement = Placement(.identity, shift: (given, -0.1))
        #expect(abs(placement.shift.x - kept) < 1e-12 && abs(placement.shift.y + 0.1) < 1e-12)
        #expect(abs(Placement(.identity, shift: (0.1, given)).shift.y - kept) < 1e-12)
    }

    @Test(arguments: [-150.0, -36, -1, 0, 15, 90, 179]) func turnsAreAnticlockwise(degrees: Double) {
        let size = LinearMap.scale(x: 1.3, y: 1.3)
        let turned = Placement(size * .turn(degrees: degrees))
        #expect(abs(turned.degrees - degrees) < 1e-9 && !turned.isMirrored)
        #expect(abs(turned.scale.x - 1.3) < 1e-12 && abs(turned.scale.y - 1.3) < 1e-12)
        // Mirrored first, then turned.
        let mirrored = Placement(size * .turn(degrees: degrees) * .mirror)
        #expect(abs(mirrored.degrees - degrees) < 1e-9 && mirrored.isMirrored)
    }

    /// A frame that was stretched and then turned by 90°: its width is what its first axis became.
    @Test func scalesAreThoseOfTheFramesOwnSides() {
        let placement = Placement(.turn(degrees: 90) * .scale(x: 2, y: 0.5))
        #expect(abs(placement.scale.x - 2) < 1e-12 && abs(placement.scale.y - 0.5) < 1e-12)
        #expect(abs(placement.degrees - 90) < 1e-9)
    }

    private func expectCorners(_ placement: Placement, _ expected: [(Double, Double)]) {
        #expect(placement.corners.count == 4)
        for (corner, expected) in zip(placement.corners, expected) {
            #expect(abs(corner.x - expected.0) < 1e-12 && abs(corner.y - expected.1) < 1e-12, "\(placement.corners)")
        }
    }

    /// Top left, top right, bottom right, bottom left of the frame that was generated.
    @Test func cornersGoRound() {
        let square = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
        expectCorners(Placement(.identity), square)
        // Anticlockwise: the top left corner is at the bottom left.
        expectCorners(Placement(.turn(degrees: 90)), [square[3], square[0], square[1], square[2]])
        expectCorners(Placement(.mirror), [square[1], square[0], square[3], square[2]])
        // Twice as large, its middle a tenth of its own sides to the right of the picture's.
        expectCorners(Placement(.scale(x: 2, y: 2), shift: (0.1, 0)), square.map { (2 * $0.0 + 0.2, 2 * $0.1) })
    }

    /// A shift is known modulo the frame: of its turns the one whose middle lies nearest to a point. Under a shear that is
    /// not the smallest.
    @Test func theNearestTurnOfTheShiftIsTold() {
        let sheared = Placement(LinearMap(xx: 1, xy: 1.9, yx: 0, yy: 1), shift: (0.4, 0.4)).turned(near: (0, 0))
        #expect(abs(sheared.shift.x + 0.6) < 1e-12 && abs(sheared.shift.y - 0.4) < 1e-12)
        let middle = sheared.corners.reduce((0.0, 0.0)) { ($0.0 + $1.x / 4, $0.1 + $1.y / 4) }
        #expect(abs(middle.0 - 0.16) < 1e-12 && abs(middle.1 - 0.4) < 1e-12)
        let plain = Placement(.scale(x: 3, y: 3), shift: (0.4, -0.45)).turned(near: (0, 0))
        #expect(abs(plain.shift.x - 0.4) < 1e-12 && abs(plain.shift.y + 0.45) < 1e-12)
        // A small picture in the lower left corner of a page.
        let corner = Placement(.scale(x: 0.35, y: 0.35), shift: (0.07, -0.07)).turned(near: (-0.33, 0.32))
        #expect(abs(corner.shift.x + 0.93) < 1e-12 && abs(corner.shift.y - 0.93) < 1e-12)
    }

    /// The middle of what a mask leaves.
    @Test func theMiddleIsThatOfWhatIsShown() {
        #expect(ObservedFrame().middle == (0, 0))
        let mask = Tensor([0, 0, 0, 0, 1, 1, 0, 0], shape: [1, 1, 2, 4])
        let middle = ObservedFrame(mask: mask).middle
        #expect(abs(middle.x + 0.25) < 1e-12 && abs(middle.y - 0.25) < 1e-12)
    }
}
