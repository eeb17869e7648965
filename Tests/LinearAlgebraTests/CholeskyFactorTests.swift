import LinearAlgebra
import TestSupport
import Testing

@Suite struct CholeskyFactorTests {
    /// L·Lᵀ by hand: L = [2 0 0; -1 3 0; 4 0.5 1].
    private static let rows: [[Double]] = [[4, -2, 8], [-2, 10, -2.5], [8, -2.5, 17.25]]

    private func columns(_ factor: CholeskyFactor, _ count: Int) -> [[Double]] {
        (0..<count).map { column in factor.applied(to: (0..<count).map { $0 == column ? 1 : 0 }) }
    }

    @Test func factorIsTheOneByHand() {
        let factor = SymmetricMatrix.dense(Self.rows).choleskyFactor()
        #expect(columns(factor, 3) == [[2, -1, 4], [0, 3, 0.5], [0, 0, 1]])
        let shifted = SymmetricMatrix.dense([[3, -2], [-2, 9]]).choleskyFactor(shift: 1)
        #expect(columns(shifted, 2) == [[2, -1], [0, 3]])
    }

    @Test func solutionIsTheOneByHand() {
        let x = [1.5, -2, 0.25]
        let matrix = SymmetricMatrix.dense(Self.rows)
        expectClose(matrix.choleskyFactor().solve(matrix.applied(to: x)), x, relative: 1e-14)
    }

    /// The third row is the sum of the others and the fourth is empty: neither has a part in the solution.
    @Test func dependentRowsAreLeftOut() {
        let matrix = SymmetricMatrix.dense([[4, 2, 6, 0], [2, 5, 7, 0], [6, 7, 13, 0], [0, 0, 0, 0]])
        let factor = matrix.choleskyFactor(leastPivot: 1e-13)
        #expect(columns(factor, 4)[2] == [0, 0, 0, 0] && columns(factor, 4)[3] == [0, 0, 0, 0])
        #expect(factor.solve([8, 12, 20, 0]) == [1, 2, 0, 0])
    }

    /// What rounding leaves of a pivot is not divided by.
    @Test func leastPivotDecides() {
        let matrix = SymmetricMatrix.dense([[1, 1], [1, 1 + 0x1p-50]])
        #expect(matrix.choleskyFactor(leastPivot: 0x1p-49).solve([1, 2]) == [1, 0])
        #expect(matrix.choleskyFactor(leastPivot: 0x1p-51).solve([1, 2])[1] == 0x1p50)
    }

    @Test(arguments: [0, 0.5]) func diagonalIsTheDenseOne(shift: Double) {
        let diagonal = [4.0, 0, 2.25]
        let dense = (0..<3).map { row in (0..<3).map { $0 == row ? diagonal[row] : 0 } }
        let (kept, full) = (SymmetricMatrix.diagonal(diagonal), SymmetricMatrix.dense(dense))
        let vector = [1.0, -2, 3]
        #expect(kept.applied(to: vector) == full.applied(to: vector))
        let factors = (kept.choleskyFactor(shift: shift), full.choleskyFactor(shift: shift))
        #expect(factors.0.applied(to: vector) == factors.1.applied(to: vector))
        expectClose(factors.0.solve(vector), factors.1.solve(vector), relative: 1e-15)
        #expect((factors.0.solve(vector)[1] == 0) == (shift == 0))
    }
}
