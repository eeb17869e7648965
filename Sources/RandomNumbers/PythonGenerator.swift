/// Python's `random.Random(seed)`.
public struct PythonGenerator: Sendable {
    private var generator: MersenneTwister

    /// The generator of a whole number.
    public init(seed: UInt64) {
        let words = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)]
        generator = MersenneTwister(key: words[1] == 0 ? [words[0]] : words)
    }

    /// `getrandbits(8)`, some times.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in
            let word: UInt32 = generator.next()
            return UInt8(word >> 24)
        }
    }
}
