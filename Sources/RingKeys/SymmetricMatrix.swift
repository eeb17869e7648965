/// A symmetric positive semidefinite matrix, kept as its diagonal where it has nothing else: a native key's numbers share
/// no frequency, and a key of ten thousand numbers has no room for their square.
enum SymmetricMatrix {
    case diagonal([Double])
    /// All rows.
    case dense([[Double]])

    func applied(to vector: [Double]) -> [Double] {
        switch self {
        case .diagonal(let diagonal): zip(diagonal, vector).map { $0 * $1 }
        case .dense(let rows): rows.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
        }
    }

    /// L with L·Lᵀ = G + λI. Directions without energy get a column of zeros.
    func choleskyFactor(shift: Double) -> CholeskyFactor {
        switch self {
        case .diagonal(let diagonal): return .diagonal(diagonal.map { max($0 + shift, 0).squareRoot() })
        case .dense(let rows):
            var lower = rows.map { $0.map { _ in 0.0 } }
            for i in rows.indices {
                for j in 0...i {
                    var sum = rows[i][j] + (i == j ? shift : 0)
                    for k in 0..<j { sum -= lower[i][k] * lower[j][k] }
                    if i == j {
                        lower[i][i] = max(sum, 0).squareRoot()
                    } else {
                        lower[i][j] = lower[j][j] > 1e-9 ? sum / lower[j][j] : 0
                    }
                }
            }
            return .lower(lower)
        }
    }
}

/// A lower triangular matrix.
enum CholeskyFactor {
    case diagonal([Double])
    case lower([[Double]])

    /// L·v: from white noise, noise of covariance L·Lᵀ.
    func applied(to vector: [Double]) -> [Double] {
        switch self {
        case .diagonal(let diagonal): zip(diagonal, vector).map { $0 * $1 }
        case .lower(let rows): rows.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
        }
    }

    /// x with L·Lᵀ·x = b; L has no zero on its diagonal.
    func solve(_ b: [Double]) -> [Double] {
        switch self {
        case .diagonal(let diagonal): return zip(b, diagonal).map { $0 / ($1 * $1) }
        case .lower(let rows):
            var x = b
            for i in x.indices {
                for j in 0..<i { x[i] -= rows[i][j] * x[j] }
                x[i] /= rows[i][i]
            }
            for i in x.indices.reversed() {
                for j in x.indices where j > i { x[i] -= rows[j][i] * x[j] }
                x[i] /= rows[i][i]
            }
            return x
        }
    }
}
