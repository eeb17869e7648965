import Foundation
import Registration
import Testing

/// Maps of a plane whose rows go down.
struct LinearMapTests {
    private let map = LinearMap(xx: 0.9, xy: -0.4, yx: 1.3, yy: 0.2)

    private func expectPoint(_ point: (x: Double, y: Double), _ x: Double, _ y: Double) {
        #expect(abs(point.x - x) < 1e-12 && abs(point.y - y) < 1e-12, "\(point), expected (\(x), \(y))")
    }

    /// Anticlockwise as a picture is seen: what was right of the middle is above it, in negative rows.
    @Test func aQuarterTurnLiftsTheRightSide() {
        let quarter = LinearMap.turn(degrees: 90)
        expectPoint(quarter(x: 1, y: 0), 0, -1)
        expectPoint(quarter(x: 0, y: -1), -1, 0)
        expectPoint(LinearMap.turn(degrees: 30)(x: 1, y: 0), 3.0.squareRoot() / 2, -0.5)
        #expect(abs(quarter.determinant - 1) < 1e-12)
    }

    @Test func mirroringExchangesLeftAndRight() {
        expectPoint(LinearMap.mirror(x: 0.3, y: 0.2), -0.3, 0.2)
        #expect(LinearMap.mirror.determinant == -1)
        expectPoint(LinearMap.scale(x: 2, y: 0.5)(x: 0.3, y: 0.2), 0.6, 0.1)
    }

    /// ((0.9, -0.4), (1.3, 0.2)) of (2, 3), by hand.
    @Test func pointsGoWhereTheMatrixSays() {
        expectPoint(map(x: 2, y: 3), 0.6, 3.2)
        #expect(abs(map.determinant - 0.7) < 1e-12)
    }

    @Test func theRightMapComesFirst() {
        let both = LinearMap.scale(x: 3, y: 1) * LinearMap.turn(degrees: 90)
        expectPoint(both(x: 0, y: -1), -3, 0)
        let point = map(x: 0.7, y: -1.1)
        let after = LinearMap.turn(degrees: 20)(x: point.x, y: point.y)
        expectPoint((LinearMap.turn(degrees: 20) * map)(x: 0.7, y: -1.1), after.x, after.y)
    }

    @Test func theInverseLeadsBack() {
        let point = map(x: 0.7, y: -1.1)
        expectPoint(map.inverse(x: point.x, y: point.y), 0.7, -1.1)
    }

    /// k·u stays what it was: a wave that is moved with the picture keeps its value at each point.
    @Test func frequenciesKeepTheirPhase() {
        for (k, u) in [((3.0, -2.0), (0.4, 0.1)), ((0, 5), (-0.3, 0.25)), ((-7, 1), (0.5, -0.5))] {
            let (point, frequency) = (map(x: u.0, y: u.1), map.ofFrequencies(x: k.0, y: k.1))
            #expect(abs(frequency.x * point.x + frequency.y * point.y - (k.0 * u.0 + k.1 * u.1)) < 1e-12)
        }
    }
}
