/// Small least-squares problems by their normal equations, with columns scaled to unit length.
enum RidgeLeastSquares {
    /// γ that minimises ‖f - A·γ‖² + ridge·Σ ‖a_i‖²·γ_i², by Cholesky's decomposition.
    ///
    /// The penalty is relative to each column's own length: the columns of Anderson's problem shrink as it converges, and
    /// a common weight would silence the newest.
    /// - Parameters:
    ///   - gram: AᵀA.
    ///   - right: Aᵀf.
    /// - Returns: γ; a column that is zero or depends on those before it has γ_i = 0.
    static func solve(gram: [[Double]], right: [Double], ridge: Double) -> [Double] {
        let count = right.count
        let scale = (0..<count).map { gram[$0][$0] > 0 ? 1 / gram[$0][$0].squareRoot() : 0 }
        var lower = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        var solution = [Double](repeating: 0, count: count)
        for row in 0..<count {
            for column in 0..<row where lower[column][column] > 0 {
                let inner = (0..<column).reduce(0) { $0 + lower[row][$1] * lower[column][$1] }
                lower[row][column] = (gram[row][column] * scale[row] * scale[column] - inner) / lower[column][column]
            }
            let pivot = (scale[row] > 0 ? 1 + ridge : 0) - (0..<row).reduce(0) { $0 + lower[row][$1] * lower[row][$1] }
            guard pivot > dependence else { continue }
            lower[row][row] = pivot.squareRoot()
            let inner = (0..<row).reduce(0) { $0 + lower[row][$1] * solution[$1] }
            solution[row] = (right[row] * scale[row] - inner) / lower[row][row]
        }
        for row in (0..<count).reversed() where lower[row][row] > 0 {
            let inner = (row + 1..<count).reduce(0) { $0 + lower[$1][row] * solution[$1] }
            solution[row] = (solution[row] - inner) / lower[row][row]
        }
        return (0..<count).map { solution[$0] * scale[$0] }
    }

    /// The share of a unit column that rounding leaves when it depends on the others.
    private static let dependence = 1e-14
}
