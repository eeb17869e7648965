/// A symmetric positive semidefinite matrix, kept as its diagonal where it has nothing else: a matrix of ten thousand rows
/// then takes ten thousand numbers.
package enum SymmetricMatrix: Sendable {
    /// The elements (i, i); every other one is 0.
    case diagonal([Double])
    /// All rows, each as long as there are rows.
    case dense([[Double]])

    /// A·v.
    /// - Parameter vector: one number for each row.
    package func applied(to vector: [Double]) -> [Double] {
        switch self {
        case .diagonal(let diagonal): zip(diagonal, vector).map { $0 * $1 }
        case .dense(let rows): rows.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
        }
    }

    /// L with L·Lᵀ = A + shift·I.
    /// - Parameters:
    ///   - shift: added to the diagonal, at least 0.
    ///   - leastPivot: at least 0, in the unit of the diagonal. A row whose pivot is not above it depends on those before
    ///     it up to rounding, or has no energy: its column of L is zero.
    package func choleskyFactor(shift: Double = 0, leastPivot: Double = 1e-18) -> CholeskyFactor {
        switch self {
        case .diagonal(let diagonal):
            .diagonal(diagonal.map { $0 + shift > leastPivot ? ($0 + shift).squareRoot() : 0 })
        case .dense(let rows): .lower(Self.lower(rows, shift, leastPivot))
        }
    }

    /// Row by row (Cholesky and Banachiewicz): L_ij = (A_ij - Σ_k<j L_ik·L_jk) / L_jj, L_ii = √(A_ii - Σ_k<i L_ik²).
    private static func lower(_ rows: [[Double]], _ shift: Double, _ leastPivot: Double) -> [[Double]] {
        var lower = rows.map { $0.map { _ in 0.0 } }
        for (i, elements) in rows.enumerated() {
            precondition(elements.count == rows.count, "a row of \(elements.count) in a matrix of \(rows.count)")
            var row = lower[i]
            for j in 0..<i where lower[j][j] > 0 {
                row[j] = (elements[j] - product(row, lower[j], j)) / lower[j][j]
            }
            let pivot = elements[i] + shift - product(row, row, i)
            row[i] = pivot > leastPivot ? pivot.squareRoot() : 0
            lower[i] = row
        }
        return lower
    }

    /// Σ_k<count a_k·b_k.
    private static func product(_ a: [Double], _ b: [Double], _ count: Int) -> Double {
        var sum = 0.0
        for k in 0..<count { sum += a[k] * b[k] }
        return sum
    }
}
