/// PCG XSL RR 128/64 (O'Neill 2014), seeded as `numpy.random.default_rng(seed)` seeds it.
public struct PCG64: RandomNumberGenerator, Sendable {
    private static let multiplier = UInt128(0x2360_ED05_1FC6_5DA4) << 64 | 0x4385_DF64_9FCC_F645
    private var state: UInt128
    private let increment: UInt128
    /// The upper half of the last word, of which the lower was handed out.
    private var half: UInt32?

    /// The generator of a seed.
    public init(seed: UInt64) {
        let words = SeedSequence(entropy: seed).state(4)
        increment = (UInt128(words[2]) << 64 | UInt128(words[3])) << 1 | 1
        state = 0
        advance()
        state &+= UInt128(words[0]) << 64 | UInt128(words[1])
        advance()
    }

    private mutating func advance() { state = state &* Self.multiplier &+ increment }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        advance()
        let (high, low) = (UInt64(truncatingIfNeeded: state >> 64), UInt64(truncatingIfNeeded: state))
        let (word, turn) = (high ^ low, high >> 58)
        return word >> turn | word << ((64 - turn) & 63)
    }

    /// The next 32 bits: the lower half of a word, then the upper.
    public mutating func next() -> UInt32 {
        if let half {
            self.half = nil
            return half
        }
        let word: UInt64 = next()
        half = UInt32(truncatingIfNeeded: word >> 32)
        return UInt32(truncatingIfNeeded: word)
    }

    /// `integers(0, 2, count, dtype=uint8)`, which is what `galois.GF(2).Random` draws: the highest bit of each byte, the bytes
    /// of a word of 32 bits from below. What a call leaves of a word is dropped.
    public mutating func bits(_ count: Int) -> [UInt8] {
        var bits: [UInt8] = []
        bits.reserveCapacity(count + 3)
        while bits.count < count {
            let word: UInt32 = next()
            for place in 0..<4 { bits.append(UInt8(word >> UInt32(8 * place + 7) & 1)) }
        }
        return Array(bits.prefix(count))
    }
}
