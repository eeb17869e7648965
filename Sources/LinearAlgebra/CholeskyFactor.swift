/// L of A = L·Lᵀ, a lower triangular matrix. A zero on its diagonal stands for a direction that A does not have.
package enum CholeskyFactor: Sendable {
    /// The elements (i, i); every other one is 0.
    case diagonal([Double])
    /// All rows, each as long as there are rows, with zeros above the diagonal.
    case lower([[Double]])

    /// L·v: from white noise, noise of covariance A.
    /// - Parameter vector: one number for each row.
    package func applied(to vector: [Double]) -> [Double] {
        switch self {
        case .diagonal(let diagonal): zip(diagonal, vector).map { $0 * $1 }
        case .lower(let rows): rows.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
        }
    }

    /// x with A·x = b, by forward and back substitution.
    /// - Parameter b: one number for each row.
    /// - Returns: x, 0 in the rows where L has a zero on its diagonal.
    package func solve(_ b: [Double]) -> [Double] {
        switch self {
        case .diagonal(let diagonal): zip(b, diagonal).map { $1 > 0 ? $0 / ($1 * $1) : 0 }
        case .lower(let rows): Self.solve(rows, b)
        }
    }

    private static func solve(_ rows: [[Double]], _ b: [Double]) -> [Double] {
        precondition(b.count == rows.count, "\(b.count) numbers for \(rows.count) equations")
        var x = b.map { _ in 0.0 }
        for (i, row) in rows.enumerated() where row[i] > 0 {
            var known = 0.0
            for j in 0..<i { known += row[j] * x[j] }
            x[i] = (b[i] - known) / row[i]
        }
        for i in rows.indices.reversed() where rows[i][i] > 0 {
            var known = 0.0
            for j in i + 1..<rows.count { known += rows[j][i] * x[j] }
            x[i] = (x[i] - known) / rows[i][i]
        }
        return x
    }
}
