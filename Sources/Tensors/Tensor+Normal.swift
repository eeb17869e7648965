import RandomNumbers

extension Tensor {
    /// Independent standard normal numbers, two from each pair of the generator; an odd count drops the last one.
    /// - Parameters:
    ///   - shape: every extent at least 0.
    ///   - generator: is advanced.
    public init(normal shape: [Int], using generator: inout SeededGenerator) {
        self.init(shape: shape) { target in
            for i in stride(from: 0, to: target.count, by: 2) {
                let (first, second) = generator.nextNormalPair()
                target.initializeElement(at: i, to: Float(first))
                if i + 1 < target.count { target.initializeElement(at: i + 1, to: Float(second)) }
            }
        }
    }

    /// Independent standard normal numbers, determined by the seed.
    public init(normal shape: [Int], seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        self.init(normal: shape, using: &generator)
    }
}
