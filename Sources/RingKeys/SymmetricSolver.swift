/// Solves (G + λI) x = b for a symmetric positive semidefinite G and λ > 0, by Cholesky's factorisation, made once; by
/// a division where G is diagonal.
struct SymmetricSolver {
    private let diagonal: [Double]?
    /// Lower triangle, row by row.
    private let lower: [[Double]]

    init(_ gram: [[Double]], shift: Double) {
        let isDiagonal = gram.indices.allSatisfy { i in
            gram.indices.allSatisfy { i == $0 || abs(gram[i][$0]) < 1e-12 }
        }
        if isDiagonal {
            diagonal = gram.indices.map { gram[$0][$0] + shift }
            lower = []
        } else {
            diagonal = nil
            lower = Self.factor(gram, shift: shift)
        }
    }

    func solve(_ b: [Double]) -> [Double] {
        if let diagonal { return zip(b, diagonal).map { $0 / $1 } }
        var x = b
        for i in x.indices {
            for j in 0..<i { x[i] -= lower[i][j] * x[j] }
            x[i] /= lower[i][i]
        }
        for i in x.indices.reversed() {
            for j in (i + 1)..<max(x.count, i + 1) { x[i] -= lower[j][i] * x[j] }
            x[i] /= lower[i][i]
        }
        return x
    }

    /// L with L·Lᵀ = G, for drawing noise of covariance G. Directions without energy stay without noise.
    static func squareRoot(_ gram: [[Double]]) -> [[Double]] { factor(gram, shift: 0) }

    private static func factor(_ gram: [[Double]], shift: Double) -> [[Double]] {
        var lower = [[Double]](repeating: [Double](repeating: 0, count: gram.count), count: gram.count)
        for i in gram.indices {
            for j in 0...i {
                var sum = gram[i][j] + (i == j ? shift : 0)
                for k in 0..<j { sum -= lower[i][k] * lower[j][k] }
                if i == j {
                    lower[i][i] = max(sum, 0).squareRoot()
                } else {
                    lower[i][j] = lower[j][j] > 1e-9 ? sum / lower[j][j] : 0
                }
            }
        }
        return lower
    }
}
