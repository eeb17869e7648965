import RandomNumbers

/// Eigenvalues and eigenvectors of real symmetric matrices, given by rows.
package enum SymmetricEigen {
    /// All of them, by cyclic Jacobi rotations (Golub and Van Loan, algorithm 8.5.3).
    /// - Parameters:
    ///   - matrix: row after row, `size`² elements.
    ///   - size: the number of rows.
    /// - Returns: the values in no order, and a vector of length 1 for each.
    package static func all(_ matrix: [Double], size: Int) -> (values: [Double], vectors: [[Double]]) {
        precondition(matrix.count == size * size, "\(matrix.count) elements for a side of \(size)")
        var a = matrix
        var v = [Double](repeating: 0, count: size * size)
        for i in 0..<size { v[i * size + i] = 1 }
        let total = a.reduce(0) { $0 + $1 * $1 }
        for _ in 0..<50 {
            var off = 0.0
            for i in 0..<size {
                for j in 0..<i { off += 2 * a[i * size + j] * a[i * size + j] }
            }
            if off <= 1e-30 * total { break }
            for p in 0..<size {
                for q in p + 1..<max(size, p + 1) where a[p * size + q] != 0 {
                    rotate(&a, &v, p, q, size)
                }
            }
        }
        return (
            (0..<size).map { a[$0 * size + $0] },
            (0..<size).map { column in (0..<size).map { v[$0 * size + column] } }
        )
    }

    /// The largest ones of a positive semidefinite matrix, descending, by subspace iteration with a Rayleigh-Ritz step;
    /// vectors of length 1. A subspace twice as large is iterated, 60 times: a component's error falls by the ratio of its
    /// eigenvalue to one that far down the spectrum each time.
    /// - Parameters:
    ///   - count: how many, at most `size`.
    ///   - matrix: row after row, `size`² elements.
    ///   - size: the number of rows.
    package static func leading(
        _ count: Int, of matrix: [Double], size: Int
    ) -> (values: [Double], vectors: [[Double]]) {
        precondition(count <= size, "\(count) eigenvectors of a matrix of side \(size)")
        let width = min(2 * count, size)
        var normals = NormalStream(seed: 0xE16E)
        var basis = orthonormalised((0..<width).map { _ in normals.next(size) })
        for _ in 0..<60 { basis = orthonormalised(basis.map { product(matrix, $0) }) }
        let images = basis.map { product(matrix, $0) }
        var small = [Double](repeating: 0, count: width * width)
        for i in 0..<width {
            for j in 0..<width { small[i * width + j] = dot(basis[i], images[j]) }
        }
        let (values, vectors) = all(small, size: width)
        let order = values.indices.sorted { values[$0] > values[$1] }.prefix(count)
        return (
            order.map { values[$0] },
            order.map { index in
                var sum = [Double](repeating: 0, count: size)
                for (weight, vector) in zip(vectors[index], basis) {
                    for i in 0..<size { sum[i] += weight * vector[i] }
                }
                return sum
            }
        )
    }

    /// One Jacobi rotation that makes element (p, q) zero.
    private static func rotate(_ a: inout [Double], _ v: inout [Double], _ p: Int, _ q: Int, _ size: Int) {
        let theta = (a[q * size + q] - a[p * size + p]) / (2 * a[p * size + q])
        let t = (theta >= 0 ? 1 : -1) / (abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<size {
            let (x, y) = (a[k * size + p], a[k * size + q])
            a[k * size + p] = c * x - s * y
            a[k * size + q] = s * x + c * y
        }
        for k in 0..<size {
            let (x, y) = (a[p * size + k], a[q * size + k])
            a[p * size + k] = c * x - s * y
            a[q * size + k] = s * x + c * y
        }
        for k in 0..<size {
            let (x, y) = (v[k * size + p], v[k * size + q])
            v[k * size + p] = c * x - s * y
            v[k * size + q] = s * x + c * y
        }
    }

    /// Gram and Schmidt, twice for accuracy; a vector that the others span becomes zero.
    private static func orthonormalised(_ vectors: [[Double]]) -> [[Double]] {
        var result: [[Double]] = []
        for vector in vectors {
            var own = vector
            let length = dot(own, own).squareRoot()
            for _ in 0..<2 {
                for other in result {
                    let share = dot(own, other)
                    for i in own.indices { own[i] -= share * other[i] }
                }
            }
            let norm = dot(own, own).squareRoot()
            let scale = norm > 1e-12 * length ? 1 / norm : 0
            result.append(own.map { $0 * scale })
        }
        return result
    }

    private static func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
        let size = vector.count
        return (0..<size).map { row in
            var sum = 0.0
            for column in 0..<size { sum += matrix[row * size + column] * vector[column] }
            return sum
        }
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += a[i] * b[i] }
        return sum
    }
}
