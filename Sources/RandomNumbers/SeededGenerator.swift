#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// The generator xoshiro256** (Blackman and Vigna 2018), seeded through SplitMix64: the same seed gives the same
/// numbers on every machine. For noise and decoys, not for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// The generator whose state is SplitMix64's first four outputs for `seed`.
    public init(seed: UInt64) {
        var x = seed
        func splitMix() -> UInt64 {
            x &+= 0x9E37_79B9_7F4A_7C15
            var z = x
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        state = (splitMix(), splitMix(), splitMix(), splitMix())
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let t = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= t
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// Uniform in (0, 1], 53 bits.
    public mutating func nextUniform() -> Double {
        Double((next() >> 11) + 1) * 0x1p-53
    }

    /// Two independent standard normal numbers (Box and Muller 1958).
    public mutating func nextNormalPair() -> (Double, Double) {
        let radius = (-2 * log(nextUniform())).squareRoot()
        let angle = 2 * Double.pi * nextUniform()
        return (radius * cos(angle), radius * sin(angle))
    }
}
