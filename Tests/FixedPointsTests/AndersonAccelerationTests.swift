import FixedPoints
import Tensors
import TestSupport
import Testing

@Suite struct AndersonAccelerationTests {
    /// Not symmetric; its eigenvalues lie between 0.5 and 3, so that the plain iteration with ρ = 1 runs away.
    private static let matrix: [[Float]] = [
        [1.2, 0.3, 0, -0.2], [0.1, 0.6, 0.4, 0], [0, -0.3, 2.8, 0.1], [0.2, 0, 0.1, 0.9],
    ]

    private static func problem(_ dimension: Int) -> ToyResidual {
        ToyResidual(
            starts: [Array([1, -2, 0.5, 1.5].prefix(dimension))],
            matrix: matrix.prefix(dimension).map { Array($0.prefix(dimension)) })
    }

    private static func bare(memory: Int, ridge: Double = 0) -> AndersonAcceleration {
        AndersonAcceleration(memory: memory, ridge: ridge, damping: .fixed(1), restartGrowth: .infinity)
    }

    /// A linear problem of d dimensions is solved by d differences, so by d + 1 evaluations where the memory holds d
    /// (Walker and Ni 2011). What is left is Float's rounding, magnified by the condition of the differences.
    @Test(arguments: 1...4, [0, 2])
    func isExactOnALinearProblem(_ dimension: Int, _ spareMemory: Int) throws {
        let path = try path(
            of: Self.bare(memory: dimension + spareMemory), on: Self.problem(dimension), count: dimension + 1)
        #expect(norm(try #require(path.last)) < 1e-4 * norm(path[0]), "\(path)")
        #expect(norm(path[dimension]) > 1e-3 * norm(path[0]), "solved too early to be a test")
    }

    /// One difference too few, and it is not.
    @Test func lessMemoryIsNotExact() throws {
        let path = try path(of: Self.bare(memory: 3), on: Self.problem(4), count: 5)
        #expect(norm(try #require(path.last)) > 1e-3 * norm(path[0]))
    }

    /// Before there is a difference it is the forward step.
    @Test func theFirstStepIsPlain() throws {
        let operation = Self.problem(4)
        let plain = try path(of: ForwardStep(size: .fixed(0.3)), on: operation, count: 1)
        let update = AndersonAcceleration(damping: .fixed(0.3))
        #expect(try path(of: update, on: operation, count: 1) == plain)
    }

    /// On a contraction with eigenvalues 0.1 … 1 the plain iteration needs ln(1e-3)/ln(0.9) = 66 steps for a thousandth.
    @Test func isFasterThanTheForwardStep() throws {
        let eigenvalues = (1...10).map { Float($0) / 10 }
        func evaluations(_ update: any FixedPointUpdate) throws -> Int {
            let operation = ToyResidual(starts: [eigenvalues.map { 1 / $0 }], eigenvalues: eigenvalues)
            let solver = FixedPointSolver(update: update, evaluations: 200, safeguard: Safeguard(tolerance: 3e-3))
            let solution = try solver.solve(operation)[0]
            #expect(solution.ending == .converged)
            return solution.evaluations
        }
        let plain = try evaluations(ForwardStep(size: .fixed(1)))
        #expect((50...60).contains(plain), "\(plain)")
        #expect(try evaluations(AndersonAcceleration()) < plain / 3)
    }

    /// Beyond `restartGrowth` times the best residual the step starts at the best point, and nothing is remembered but the
    /// change from there.
    @Test func aJumpDropsTheMemory() {
        var update = AndersonAcceleration(memory: 3, ridge: 0, damping: .fixed(0.5), restartGrowth: 2)
        _ = update.next(after: vector(0, 0), residual: vector(1, 0))
        _ = update.next(after: vector(-0.5, 0), residual: vector(0.5, 0.25))
        let restarted = update.next(after: vector(-1, 1), residual: vector(1, 1))
        #expect(restarted.point.elements == [-0.75, -0.125])
        // ΔZ = (-¼, -⅛) and ΔT = (-¼, -¼) from the best point, so that γ = -½.
        let next = update.next(after: restarted.point, residual: vector(0.25, 0))
        #expect(next.point.elements == [-0.9375, -0.125])
        // A residual of twice the best is no jump yet.
        var tolerant = AndersonAcceleration(memory: 1, ridge: 0, damping: .fixed(0.5), restartGrowth: 2)
        _ = tolerant.next(after: vector(0), residual: vector(1))
        // ΔZ = -½, ΔT = -3, γ = ⅔: from -½ by ⅓, to -⅙.
        expectClose(tolerant.next(after: vector(-0.5), residual: vector(-2)).point.elements, [-1 / 6], relative: 1e-6)
    }
}
