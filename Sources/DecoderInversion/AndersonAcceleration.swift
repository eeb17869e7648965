import Tensors

/// Anderson acceleration, type II (Walker and Ni 2011), of the fixed point z = z - T(z): with the last m changes of point
/// and residual, γ minimises ‖T_k - ΔT·γ‖², and z ← z_k - ΔZ·γ - (T_k - ΔT·γ).
struct AndersonAcceleration: FixedPointUpdate {
    /// m.
    private let memory: Int
    /// Tikhonov's weight, relative to the mean energy of the remembered changes.
    private let regularisation: Double
    private var previous: (point: Tensor, residual: Tensor)?
    private var pointChanges: [Tensor] = []
    private var residualChanges: [Tensor] = []

    init(memory: Int = 5, regularisation: Double = 1e-6) {
        self.memory = memory
        self.regularisation = regularisation
    }

    mutating func next(after point: Tensor, residual: Tensor) -> Tensor {
        if let previous {
            pointChanges.append(point - previous.point)
            residualChanges.append(residual - previous.residual)
            if pointChanges.count > memory {
                pointChanges.removeFirst()
                residualChanges.removeFirst()
            }
        }
        previous = (point, residual)
        var terms: [(Double, Tensor)] = [(1, point), (-1, residual)]
        for (gamma, (pointChange, residualChange)) in zip(mixing(residual), zip(pointChanges, residualChanges)) {
            terms.append((-gamma, pointChange))
            terms.append((gamma, residualChange))
        }
        return .combination(terms)
    }

    /// γ by the normal equations.
    private func mixing(_ residual: Tensor) -> [Double] {
        let count = residualChanges.count
        guard count > 0 else { return [] }
        var matrix = residualChanges.map { row in residualChanges.map { row.dot($0) } }
        let shift = regularisation * (0..<count).reduce(0) { $0 + matrix[$1][$1] } / Double(count)
        for i in 0..<count { matrix[i][i] += shift }
        guard shift > 0 else { return [Double](repeating: 0, count: count) }
        return Self.solve(matrix, residualChanges.map { $0.dot(residual) })
    }

    /// Gauss's elimination of a small symmetric positive definite system.
    private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        var a = matrix
        var x = right
        for i in a.indices {
            for row in (i + 1)..<max(a.count, i + 1) {
                let factor = a[row][i] / a[i][i]
                for column in i..<a.count { a[row][column] -= factor * a[i][column] }
                x[row] -= factor * x[i]
            }
        }
        for i in a.indices.reversed() {
            for column in (i + 1)..<max(a.count, i + 1) { x[i] -= a[i][column] * x[column] }
            x[i] /= a[i][i]
        }
        return x
    }
}
