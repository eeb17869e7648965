import LinearAlgebra
import RandomNumbers
import TestSupport
import Testing

@Suite struct SymmetricEigenTests {
    /// Q·diag(values)·Qᵀ with Q = I - 2uuᵀ/‖u‖².
    private func reflected(_ values: [Double], _ u: [Double]) -> (matrix: [Double], vectors: [[Double]]) {
        let size = values.count
        let energy = u.reduce(0) { $0 + $1 * $1 }
        let q = (0..<size).map { i in (0..<size).map { (i == $0 ? 1 : 0) - 2 * u[i] * u[$0] / energy } }
        var matrix = [Double](repeating: 0, count: size * size)
        for i in 0..<size {
            for j in 0..<size {
                matrix[i * size + j] = (0..<size).reduce(0) { $0 + q[$1][i] * values[$1] * q[$1][j] }
            }
        }
        return (matrix, q)
    }

    private func alignment(_ a: [Double], _ b: [Double]) -> Double { abs(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }) }

    @Test func allOfAKnownMatrix() {
        let spectrum: [Double] = [7, -3, 0.5, 2]
        let (matrix, vectors) = reflected(spectrum, [1, 2, -1, 0.5])
        let found = SymmetricEigen.all(matrix, size: 4)
        for (value, vector) in zip(spectrum, vectors) {
            let index = found.values.indices.min { abs(found.values[$0] - value) < abs(found.values[$1] - value) }
            expectClose([found.values[index ?? 0]], [value], relative: 1e-13)
            expectClose([alignment(found.vectors[index ?? 0], vector)], [1], relative: 1e-13)
        }
        #expect(SymmetricEigen.all([], size: 0).values.isEmpty)
    }

    /// The spectrum falls by a third from one to the next: after 60 rounds with a subspace of twice the size nothing is
    /// left but rounding.
    @Test func leadingOnesOfALargeMatrix() {
        let size = 40
        var spectrum = [9.0]
        while spectrum.count < size { spectrum.append(spectrum[spectrum.count - 1] * 2 / 3) }
        var normals = NormalStream(seed: 3)
        let (matrix, vectors) = reflected(spectrum, normals.next(size))
        let found = SymmetricEigen.leading(3, of: matrix, size: size)
        expectClose(found.values, Array(spectrum.prefix(3)), relative: 1e-12)
        for (own, vector) in zip(found.vectors, vectors) { expectClose([alignment(own, vector)], [1], relative: 1e-12) }
        #expect(found.vectors.count == 3)
    }

    /// Rank 1, iterated in the whole space.
    @Test func leadingOnesWhereThereAreFewer() {
        let u = [1.0, 2, -2]
        let matrix = u.flatMap { a in u.map { a * $0 } }
        let found = SymmetricEigen.leading(2, of: matrix, size: 3)
        expectClose(found.values, [9, 0], absolute: 1e-12)
        expectClose([alignment(found.vectors[0], u)], [3], relative: 1e-13)
    }
}
