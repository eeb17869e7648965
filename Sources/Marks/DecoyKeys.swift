import RandomNumbers

/// Keys that nobody uses, scored beside the real one on the same measurement: where the real key ranks among them is
/// evidence that needs no formula.
///
/// A key's numbers are independent normals, so that its direction is uniform on the sphere; so is a decoy's, a vector of
/// seeded normals. Some are drawn once and kept; the rest is drawn anew in each call.
public struct DecoyKeys: Sendable {
    /// How many decoys a verdict is held against.
    public static let standardCount = 10_000
    /// Bytes of decoys that are kept unless another number is given.
    public static let standardMemory = 64 << 20

    /// Numbers of a decoy.
    public let dimension: Int
    /// Decoys.
    public let count: Int

    /// Unit vectors in whole blocks of eight; zeros fill the last.
    private let stored: [SIMD8<Float>]
    private let storedCount: Int
    /// Where the decoys that are not kept begin.
    private let rest: NormalStream

    /// - Parameters:
    ///   - dimension: of the measurements, at least 1.
    ///   - count: how many decoys, at least 0.
    ///   - seed: the same seed gives the same decoys, whatever else is scored and however many are kept.
    ///   - memory: bytes of decoys to keep at most. Keeping pays from the second call on.
    public init(dimension: Int, count: Int = standardCount, seed: UInt64 = 1, memory: Int = standardMemory) {
        precondition(dimension > 0 && count >= 0, "\(count) decoys of \(dimension) numbers")
        self.dimension = dimension
        self.count = count
        let blocks = (dimension + 7) / 8
        var normals = NormalStream(seed: seed)
        let kept = min(count, memory / (blocks * MemoryLayout<SIMD8<Float>>.stride))
        stored = [SIMD8<Float>](unsafeUninitializedCapacity: kept * blocks) { buffer, initialized in
            for index in 0..<kept {
                Self.draw(into: .init(rebasing: buffer[index * blocks..<(index + 1) * blocks]), dimension, &normals)
            }
            initialized = kept * blocks
        }
        storedCount = kept
        rest = normals
    }

    /// The cosine of every decoy with every statistic.
    /// - Parameter statistics: measurements of `dimension` numbers, of one image or many.
    /// - Returns: `statistics.count` lists of `count` cosines.
    public func cosines(_ statistics: [[Double]]) -> [[Float]] {
        let units = statistics.map(unit)
        var result = [[Float]](repeating: [], count: statistics.count)
        for index in result.indices { result[index].reserveCapacity(count) }
        let blocks = (dimension + 7) / 8
        func score(_ decoy: UnsafeBufferPointer<SIMD8<Float>>) {
            for (index, unit) in units.enumerated() {
                var products = SIMD8<Float>()
                for block in 0..<blocks { products += unit[block] * decoy[block] }
                result[index].append(products.sum())
            }
        }
        stored.withUnsafeBufferPointer { stored in
            for index in 0..<storedCount { score(.init(rebasing: stored[index * blocks..<(index + 1) * blocks])) }
        }
        var normals = rest
        var drawn = [SIMD8<Float>](repeating: SIMD8(), count: blocks)
        for _ in storedCount..<count {
            drawn.withUnsafeMutableBufferPointer { Self.draw(into: $0, dimension, &normals) }
            drawn.withUnsafeBufferPointer(score)
        }
        return result
    }

    /// The rank of a cosine among decoys' ones, 1 being the best; two-sided by magnitude.
    public static func rank(of cosine: Double, among cosines: [Float], twoSided: Bool) -> Int {
        1 + cosines.count { twoSided ? abs(Double($0)) >= abs(cosine) : Double($0) >= cosine }
    }

    /// A unit vector of normals.
    private static func draw(
        into decoy: UnsafeMutableBufferPointer<SIMD8<Float>>, _ dimension: Int, _ normals: inout NormalStream
    ) {
        decoy.initialize(repeating: SIMD8())
        normals.fill(UnsafeMutableRawBufferPointer(decoy).bindMemory(to: Float.self), count: dimension)
        let squares = decoy.reduce(into: SIMD8<Float>()) { $0 += $1 * $1 }
        let scale = 1 / squares.sum().squareRoot()
        for block in decoy.indices { decoy[block] *= scale }
    }

    private func unit(_ statistic: [Double]) -> [SIMD8<Float>] {
        precondition(
            statistic.count == dimension, "a statistic of \(statistic.count) numbers, decoys of \(dimension)")
        let norm = statistic.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return (0..<(dimension + 7) / 8).map { block in
            var vector = SIMD8<Float>()
            for lane in 0..<8 where 8 * block + lane < dimension {
                vector[lane] = Float(statistic[8 * block + lane] / norm)
            }
            return vector
        }
    }
}
