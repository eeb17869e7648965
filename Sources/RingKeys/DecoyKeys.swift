import Tensors

/// Keys that nobody uses, scored beside the real one on the same measurement: where the real key ranks among them is
/// evidence that needs no formula.
///
/// A key's numbers are independent normals, so that its direction is uniform on the sphere; so is a decoy's, a vector of
/// seeded normals. Decoys are drawn anew in each call and kept nowhere: their memory is one vector.
public enum DecoyKeys {
    /// How many decoys a verdict is held against.
    public static let standardCount = 10_000

    /// The cosine of every decoy with every statistic.
    /// - Parameter statistics: measurements of one dimension, of one image or many.
    /// - Returns: `statistics.count` lists of `count` cosines.
    public static func cosines(_ statistics: [[Double]], count: Int = standardCount, seed: UInt64 = 1) -> [[Float]] {
        guard let dimension = statistics.first?.count else { return [] }
        precondition(statistics.allSatisfy { $0.count == dimension }, "statistics of several dimensions")
        // Whole vectors of eight; zeros fill the last.
        let blocks = (dimension + 7) / 8
        let units = statistics.map { statistic -> [SIMD8<Float>] in
            let norm = statistic.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return (0..<blocks).map { block in
                var vector = SIMD8<Float>()
                for lane in 0..<8 where 8 * block + lane < dimension {
                    vector[lane] = Float(statistic[8 * block + lane] / norm)
                }
                return vector
            }
        }
        var normals = NormalStream(seed: seed)
        var decoy = [SIMD8<Float>](repeating: SIMD8(), count: blocks)
        var result = [[Float]](repeating: [], count: statistics.count)
        for index in result.indices { result[index].reserveCapacity(count) }
        for _ in 0..<count {
            decoy.withUnsafeMutableBytes { normals.fill($0.bindMemory(to: Float.self), count: dimension) }
            var squares = SIMD8<Float>()
            for block in decoy { squares += block * block }
            let norm = squares.sum().squareRoot()
            for (index, unit) in units.enumerated() {
                var products = SIMD8<Float>()
                for block in 0..<blocks { products += unit[block] * decoy[block] }
                result[index].append(products.sum() / norm)
            }
        }
        return result
    }

    /// The rank of a cosine among decoys' ones, 1 being the best; two-sided by magnitude.
    public static func rank(of cosine: Double, among cosines: [Float], twoSided: Bool) -> Int {
        1 + cosines.count { twoSided ? abs(Double($0)) >= abs(cosine) : Double($0) >= cosine }
    }
}
