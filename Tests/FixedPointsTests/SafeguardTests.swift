import FixedPoints
import Foundation
import Tensors
import Testing

@Suite struct SafeguardTests {
    /// Solves for one item of one number, starting at 1, with the plain iteration of step 1.
    private func solve(
        evaluations: Int = 100, safeguard: Safeguard? = Safeguard(), _ map: @escaping (Float, Int) -> Float
    ) throws -> (solution: FixedPointSolver.Solution, points: [Float]) {
        let operation = ToyResidual(starts: [[1]]) { numbers, _, number in [map(numbers[0], number)] }
        var points: [Float] = []
        let solver = FixedPointSolver(
            update: ForwardStep(size: .fixed(1)), evaluations: evaluations, safeguard: safeguard)
        let solutions = try solver.solve(operation) { points.append($0.point.elements[0]) }
        return (try #require(solutions.first), points)
    }

    /// T = 3z takes 1 to -2, 4, -8, …: the residual is beyond twice the start's from the third evaluation on, and three in
    /// succession end it.
    @Test func aDivergingIterationKeepsItsStart() throws {
        let (solution, points) = try solve { z, _ in 3 * z }
        #expect(points == [1, -2, 4, -8, 16])
        #expect(solution.ending == .diverged && solution.evaluations == 5 && solution.fellBack)
        #expect(solution.point.elements == [1] && solution.difference?.elements == [3])
        #expect(solution.residual == 3 && solution.startResidual == 3)
    }

    /// Residuals that fall, then run away: the point of the smallest is returned.
    @Test func theBestPointOnTheWayIsKept() throws {
        let residuals: [Float] = [4, 2, 0.5, 1, 9, 10, 11, 12]
        let (solution, points) = try solve { _, number in residuals[min(number, residuals.count) - 1] }
        #expect(points == [1, -3, -5, -5.5, -6.5, -15.5, -25.5])
        #expect(solution.ending == .diverged && solution.evaluations == 7)
        #expect(solution.point.elements == [-5] && solution.residual == 0.5 && solution.fellBack)
        #expect(solution.difference?.elements == [0.5])
    }

    /// A single large residual is forgiven: methods that shorten their step get the chance to.
    @Test func growthHasToLast() throws {
        let residuals: [Float] = [1, 9, 9, 0.5, 9, 9, 0.25, 0]
        let (solution, _) = try solve { _, number in residuals[min(number, residuals.count) - 1] }
        #expect(solution.ending == .converged && solution.evaluations == 8 && !solution.fellBack)
    }

    /// T = z/2 halves the residual: after ten evaluations it is 2⁻¹⁰ < 1e-3.
    @Test func theToleranceEndsTheIteration() throws {
        let (solution, _) = try solve { z, _ in z / 2 }
        #expect(solution.ending == .converged && solution.evaluations == 10)
        #expect(solution.residual == 1.0 / 1024 && solution.point.elements == [1.0 / 512] && !solution.fellBack)
    }

    /// A constant residual has stalled after `patience` further evaluations.
    @Test(arguments: [1, 4, 10])
    func aConstantResidualStalls(_ patience: Int) throws {
        let (solution, _) = try solve(safeguard: Safeguard(patience: patience)) { _, _ in 0.5 }
        #expect(solution.ending == .stalled && solution.evaluations == patience + 1)
        #expect(solution.point.elements == [1] && !solution.fellBack)
    }

    /// `leastFall` over `patience` evaluations is asked for, no more.
    @Test(arguments: [(0.999, FixedPointEnding.spent), (0.9999, .stalled)])
    func aSlowFallIsNoStall(_ factor: Double, _ ending: FixedPointEnding) throws {
        let safeguard = Safeguard(patience: 5, leastFall: 0.0025)
        let (solution, _) = try solve(evaluations: 40, safeguard: safeguard) { _, number in
            Float(pow(factor, Double(number)))
        }
        #expect(solution.ending == ending)
    }

    /// What stays far above the start without growing has diverged, too.
    @Test func aStallAboveTheStartIsADivergence() throws {
        let safeguard = Safeguard(patience: 3, growthPatience: 100)
        let (solution, _) = try solve(safeguard: safeguard) { _, number in number == 1 ? 1 : 5 }
        #expect(solution.ending == .diverged && solution.evaluations == 4 && solution.point.elements == [1])
    }

    /// Without a safeguard the same iteration goes on, and its last iterate is returned without a residual.
    @Test func withoutASafeguardTheLastIterateIsReturned() throws {
        let (solution, points) = try solve(evaluations: 6, safeguard: nil) { z, _ in 3 * z }
        #expect(points == [1, -2, 4, -8, 16, -32])
        #expect(solution.point.elements == [64] && solution.ending == .spent && solution.evaluations == 6)
        #expect(solution.residual == nil && solution.difference == nil && !solution.fellBack)
        #expect(solution.startResidual == 3)
    }

    /// Never NaN or infinity: the best point before, or the start.
    @Test(arguments: [Float.nan, .infinity], [true, false])
    func notANumberIsNeverReturned(_ bad: Float, _ guarded: Bool) throws {
        let safeguard: Safeguard? = guarded ? Safeguard() : nil
        let later = try solve(safeguard: safeguard) { z, number in number == 4 ? bad : z / 4 }.solution
        #expect(later.ending == .diverged && later.evaluations == 4 && later.fellBack)
        #expect(later.point.elements == [0.5625] && later.residual == 0.140625)
        let first = try solve(safeguard: safeguard) { _, _ in bad }.solution
        #expect(first.ending == .diverged && first.evaluations == 1)
        #expect(first.point.elements == [1] && first.residual == nil && first.startResidual == nil)
        #expect(first.difference == nil)
    }

    /// A finite T that takes the iterate beyond Float's range: the point before is returned.
    @Test func anOverflowingIterateIsNotReturned() throws {
        let (solution, _) = try solve(evaluations: 1, safeguard: nil) { _, _ in -3.4e38 }
        #expect(solution.point.isFinite)
        let (overflow, _) = try solve(evaluations: 2, safeguard: nil) { _, _ in -3.4e38 }
        #expect(overflow.ending == .diverged && overflow.point.elements == [1])
    }
}
