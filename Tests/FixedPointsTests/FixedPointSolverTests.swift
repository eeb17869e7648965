import FixedPoints
import Tensors
import Testing

/// Batches: every item has its own iteration.
@Suite struct FixedPointSolverTests {
    /// Items of different difficulty: one converges at once, one slowly, one runs away.
    private static let starts: [[Float]] = [[0.0005, 0.0005], [1, -2], [30, 20], [0.5, 0.25]]

    private static func operation(_ items: [Int], broken: Int? = nil) -> ToyResidual {
        ToyResidual(starts: items.map { starts[$0] }) { numbers, position, number in
            if items[position] == broken, number == 3 { return [.nan, numbers[1]] }
            return [0.4 * numbers[0] + 0.1 * numbers[1], 0.9 * numbers[1] + 0.05 * numbers[1] * abs(numbers[1])]
        }
    }

    private static func expectSame(
        _ one: FixedPointSolver.Solution, _ other: FixedPointSolver.Solution, _ comment: String
    ) {
        #expect(one.point.elements == other.point.elements, "\(comment)")
        #expect(one.difference?.elements == other.difference?.elements, "\(comment)")
        #expect(one.ending == other.ending && one.evaluations == other.evaluations, "\(comment)")
        #expect(one.residual == other.residual && one.startResidual == other.startResidual, "\(comment)")
        #expect(one.fellBack == other.fellBack, "\(comment)")
    }

    /// Together or alone an item has the same result to the last bit, also those that are frozen early.
    @Test(arguments: everyUpdate.indices, [true, false])
    func anItemHasTheResultThatItHasAlone(_ index: Int, _ guarded: Bool) throws {
        let solver = FixedPointSolver(
            update: everyUpdate[index], evaluations: 25, safeguard: guarded ? Safeguard() : nil)
        let together = try solver.solve(Self.operation([0, 1, 2, 3]))
        #expect(together.count == 4)
        for (item, solution) in together.enumerated() {
            let alone = try solver.solve(Self.operation([item]))
            Self.expectSame(solution, try #require(alone.first), "item \(item)")
        }
    }

    /// NaN in one item ends that item; the others have the result of a batch without it.
    @Test(arguments: everyUpdate.indices, [true, false])
    func aNaNTouchesNoOtherItem(_ index: Int, _ guarded: Bool) throws {
        let solver = FixedPointSolver(
            update: everyUpdate[index], evaluations: 25, safeguard: guarded ? Safeguard() : nil)
        let solutions = try solver.solve(Self.operation([0, 1, 3, 2], broken: 1))
        #expect(solutions[1].ending == .diverged && solutions[1].evaluations == 3 && solutions[1].point.isFinite)
        let others = try solver.solve(Self.operation([0, 3, 2]))
        #expect(others.count == 3)
        for (solution, other) in zip([solutions[0], solutions[2], solutions[3]], others) {
            Self.expectSame(solution, other, "beside the NaN")
        }
    }

    /// A finished item is not evaluated any more.
    @Test func finishedItemsCostNothing() throws {
        let operation = Self.operation([0, 1, 2, 3])
        var seen = [Int](repeating: 0, count: 4)
        let solver = FixedPointSolver(
            update: ForwardStep(size: .fixed(0.5)), evaluations: 40, safeguard: Safeguard())
        let solutions = try solver.solve(operation) { seen[$0.item] += 1 }
        #expect(solutions.map(\.evaluations) == seen)
        #expect((0..<4).map { item in operation.calls.count { $0.contains(item) } } == seen)
        #expect(solutions[0].evaluations == 1 && solutions[0].ending == .converged)
        #expect(Set(seen).count > 1 && operation.calls.first == [0, 1, 2, 3])
        #expect(operation.calls.allSatisfy { !$0.isEmpty && $0 == $0.sorted() })
    }

    /// What an evaluation says: its number, the norm, and the residual relative to the item's scale.
    @Test func evaluationsAreTold() throws {
        let operation = ToyResidual(starts: [[3, 4], [1, 0]], scales: [10, 0.5]) { numbers, _, _ in numbers }
        var told: [Iterates.Evaluation] = []
        let update = InertialKrasnoselskiiMann(inertia: 0.5, step: 0.5)
        _ = try FixedPointSolver(update: update, evaluations: 2, safeguard: nil).solve(operation) { told.append($0) }
        #expect(told.map(\.item) == [0, 1, 0, 1] && told.map(\.number) == [1, 1, 2, 2])
        // z_1 = z_0/2 and y_1 = z_0/4.
        #expect(told.map(\.norm) == [5, 1, 1.25, 0.25] && told.map(\.residual) == [0.5, 2, 0.125, 0.5])
        #expect(told[2].latent.elements == [1.5, 2] && told[2].point.elements == [0.75, 1])
        #expect(told[2].difference.elements == [0.75, 1])
    }

    /// The iterates end with the error.
    @Test func anErrorOfTheOperatorIsThrown() throws {
        struct Failure: Error {}
        func operation() -> ToyResidual {
            ToyResidual(starts: [[1]]) { numbers, _, number in
                if number == 3 { throw Failure() }
                return numbers.map { $0 / 2 }
            }
        }
        let solver = FixedPointSolver(update: ForwardStep(), evaluations: 10, safeguard: nil)
        #expect(throws: Failure.self) { try solver.solve(operation()) }
        var iterates = Iterates(of: operation(), by: ForwardStep())
        var successes: [Bool] = []
        while let evaluations = iterates.next(), successes.count < 9 {
            if case .success = evaluations { successes.append(true) } else { successes.append(false) }
        }
        #expect(successes == [true, true, false] && iterates.liveItems.isEmpty)
    }

    @Test func noItems() throws {
        let operation = ToyResidual(starts: []) { numbers, _, _ in numbers }
        let solver = FixedPointSolver(update: AndersonAcceleration(), evaluations: 3, safeguard: Safeguard())
        #expect(try solver.solve(operation).isEmpty && operation.calls.isEmpty)
    }
}
