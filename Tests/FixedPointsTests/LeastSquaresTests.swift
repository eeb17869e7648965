import FixedPoints
import Tensors
import TestSupport
import Testing

/// Anderson's small problem, seen through its proposals: z - ΔZ·γ - ρ(T - ΔT·γ) with the γ that minimises
/// ‖T - ΔT·γ‖² + ridge·Σ ‖ΔTᵢ‖²γᵢ².
@Suite struct LeastSquaresTests {
    private static let points = [vector(0, 1, 0, 2), vector(1, 0, 0.5, 2), vector(1, 1, -0.5, 1), vector(0, 2, 1, 1)]
    private static let residuals = [
        vector(1, 0.5, -1, 0.25), vector(0.5, 0.25, 1, -1), vector(-1, 0.5, 0.5, 0.5), vector(0.25, -0.5, 0.5, 1),
    ]
    private static let damping = 0.75

    private func proposal(
        _ points: [Tensor], _ residuals: [Tensor], memory: Int, ridge: Double
    ) throws -> [Float] {
        var update = AndersonAcceleration(
            memory: memory, ridge: ridge, damping: .fixed(Self.damping), restartGrowth: .infinity)
        return try #require(zip(points, residuals).map { update.next(after: $0, residual: $1).point.elements }.last)
    }

    /// The proposal for a given γ of given changes.
    private func combined(
        _ gamma: [Double], _ pointChanges: [Tensor], _ residualChanges: [Tensor], _ point: Tensor, _ residual: Tensor
    ) -> [Float] {
        var terms: [(Double, Tensor)] = [(1, point), (-Self.damping, residual)]
        terms += zip(gamma, pointChanges).map { (-$0, $1) }
        terms += zip(gamma, residualChanges).map { (Self.damping * $0, $1) }
        return Tensor.combination(terms).elements
    }

    /// Two changes by Cramer's rule. With a memory of two the first of three changes is forgotten.
    @Test(arguments: [0, 1e-3, 0.5], [3, 4])
    func twoChanges(_ ridge: Double, _ count: Int) throws {
        let (points, residuals) = (Array(Self.points.prefix(count)), Array(Self.residuals.prefix(count)))
        let pointChanges = zip(points.dropFirst(), points).map { $0 - $1 }.suffix(2)
        let residualChanges = Array(zip(residuals.dropFirst(), residuals).map { $0 - $1 }.suffix(2))
        let residual = residuals[count - 1]
        let (a, b) = (residualChanges[0].squaredNorm * (1 + ridge), residualChanges[1].squaredNorm * (1 + ridge))
        let c = residualChanges[0].dot(residualChanges[1])
        let (e, f) = (residualChanges[0].dot(residual), residualChanges[1].dot(residual))
        let gamma = [(e * b - f * c) / (a * b - c * c), (a * f - c * e) / (a * b - c * c)]
        let expected = combined(gamma, Array(pointChanges), residualChanges, points[count - 1], residual)
        expectClose(try proposal(points, residuals, memory: 2, ridge: ridge), expected, relative: 1e-6)
    }

    /// A change of the residual along the one before adds nothing: its γ is 0, whatever rounding leaves of it.
    @Test(arguments: 1...20)
    func aDependentChangeIsLeftOut(_ factor: Int) throws {
        let (point, residual) = (vector(1, 2, 0, 0), vector(1, 0.5, -1, 0.25))
        let pointChanges = [vector(0.5, 0, -0.5, 1), vector(0, 1, 0.5, -0.25)]
        // Its length is no Float, so that the unit vectors are rounded.
        let residualChange = vector(0.25, -0.5, 1, 0.75)
        let points = [point, point + pointChanges[0], point + pointChanges[0] + pointChanges[1]]
        let residuals = [residual, residual + residualChange, residual + Double(1 + factor) * residualChange]
        let gamma = residualChange.dot(residuals[2]) / residualChange.squaredNorm
        let expected = combined([gamma], pointChanges, [residualChange], points[2], residuals[2])
        expectClose(try proposal(points, residuals, memory: 3, ridge: 0), expected, relative: 1e-6)
    }

    /// A residual that does not change has no direction: the step is the plain one.
    @Test func aZeroChangeIsLeftOut() throws {
        let residual = vector(1, 0.5, -1, 0.25)
        let points = [vector(0, 0, 0, 0), vector(1, 1, 1, 1)]
        let expected = combined([], [], [], points[1], residual)
        #expect(try proposal(points, [residual, residual], memory: 3, ridge: 0) == expected)
        #expect(try proposal(points, [residual, residual], memory: 3, ridge: 0.1) == expected)
    }

    /// The penalty is relative to each change: tiny changes weigh what large ones do.
    @Test func thePenaltyDoesNotDependOnTheScale() throws {
        let gammaFree = Self.points.prefix(3).map { 1e-3 * $0 }
        let small = Self.residuals.prefix(3).map { 1e-3 * $0 }
        let tiny = try proposal(Array(gammaFree), Array(small), memory: 2, ridge: 0.5)
        let large = try proposal(Array(Self.points.prefix(3)), Array(Self.residuals.prefix(3)), memory: 2, ridge: 0.5)
        expectClose(tiny.map { 1000 * $0 }, large, relative: 1e-5)
    }
}
