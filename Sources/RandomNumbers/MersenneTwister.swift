/// MT19937 (Matsumoto and Nishimura 1998), which Python, NumPy's legacy generator and PyTorch on a CPU draw from. For numbers
/// that others drew, not for secrets.
public struct MersenneTwister: RandomNumberGenerator, Sendable {
    private static let length = 624
    private static let middle = 397
    private var state: [UInt32]
    private var place = length

    /// As the authors' `init_genrand` has it.
    public init(seed: UInt32) {
        state = [seed]
        state.reserveCapacity(Self.length)
        for index in 1..<UInt32(Self.length) {
            let last = state[Int(index) - 1]
            state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ index)
        }
    }

    /// As the authors' `init_by_array` has it.
    /// - Parameter key: at least one number.
    public init(key: [UInt32]) {
        precondition(!key.isEmpty, "a key of \(key.count) numbers")
        self.init(seed: 19_650_218)
        var (i, j) = (1, 0)
        func mixed(_ multiplier: UInt32) -> UInt32 {
            state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) &* multiplier)
        }
        func advance(_ state: inout [UInt32]) {
            i += 1
            if i >= Self.length {
                state[0] = state[Self.length - 1]
                i = 1
            }
        }
        for _ in 0..<max(Self.length, key.count) {
            state[i] = mixed(1_664_525) &+ key[j] &+ UInt32(truncatingIfNeeded: j)
            advance(&state)
            j = (j + 1) % key.count
        }
        for _ in 0..<Self.length - 1 {
            state[i] = mixed(1_566_083_941) &- UInt32(truncatingIfNeeded: i)
            advance(&state)
        }
        state[0] = 0x8000_0000
    }

    /// The next 32 bits.
    public mutating func next() -> UInt32 {
        if place == Self.length { twist() }
        var word = state[place]
        place += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9D2C_5680
        word ^= (word << 15) & 0xEFC6_0000
        return word ^ (word >> 18)
    }

    /// Two words, the first one below.
    public mutating func next() -> UInt64 {
        let low: UInt32 = next()
        let high: UInt32 = next()
        return UInt64(high) << 32 | UInt64(low)
    }

    private mutating func twist() {
        for index in 0..<Self.length {
            let next = index + 1 == Self.length ? 0 : index + 1
            let word = (state[index] & 0x8000_0000) | (state[next] & 0x7FFF_FFFF)
            let far = index + Self.middle < Self.length ? index + Self.middle : index + Self.middle - Self.length
            state[index] = state[far] ^ (word >> 1) ^ (word & 1 == 0 ? 0 : 0x9908_B0DF)
        }
        place = 0
    }
}
