import LinearAlgebra

/// Small least-squares problems by their normal equations, with columns scaled to unit length.
enum RidgeLeastSquares {
    /// γ that minimises ‖f - A·γ‖² + ridge·Σ ‖a_i‖²·γ_i².
    ///
    /// The penalty is relative to each column's own length: the columns of Anderson's problem shrink as it converges, and
    /// a common weight would silence the newest.
    /// - Parameters:
    ///   - gram: AᵀA.
    ///   - right: Aᵀf.
    ///   - ridge: at least 0.
    /// - Returns: γ; a column that is zero or depends on those before it has γ_i = 0.
    static func solve(gram: [[Double]], right: [Double], ridge: Double) -> [Double] {
        let scale = gram.indices.map { gram[$0][$0] > 0 ? 1 / gram[$0][$0].squareRoot() : 0 }
        let scaled = gram.indices.map { row in
            gram.indices.map { column in
                guard column == row else { return gram[row][column] * scale[row] * scale[column] }
                return scale[row] > 0 ? 1 + ridge : 0
            }
        }
        let factor = SymmetricMatrix.dense(scaled).choleskyFactor(leastPivot: dependence)
        return zip(factor.solve(zip(right, scale).map { $0 * $1 }), scale).map { $0 * $1 }
    }

    /// The share of a unit column that rounding leaves when it depends on the others.
    private static let dependence = 1e-14
}
