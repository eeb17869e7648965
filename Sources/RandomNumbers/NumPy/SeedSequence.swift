/// NumPy's `SeedSequence` of one number: entropy is mixed into a pool of four words, and the state of a generator out of it.
struct SeedSequence {
    private var pool: [UInt32]

    init(entropy: UInt64) {
        var entropy = [UInt32(truncatingIfNeeded: entropy), UInt32(truncatingIfNeeded: entropy >> 32)]
        if entropy[1] == 0 { entropy.removeLast() }
        var constant: UInt32 = 0x43B0_D7E5
        func hashed(_ value: UInt32) -> UInt32 {
            var value = value ^ constant
            constant = constant &* 0x931E_8875
            value = value &* constant
            return value ^ (value >> 16)
        }
        func mixed(_ first: UInt32, _ second: UInt32) -> UInt32 {
            let value = first &* 0xCA01_F9DD &- second &* 0x4973_F715
            return value ^ (value >> 16)
        }
        pool = (0..<4).map { hashed($0 < entropy.count ? entropy[$0] : 0) }
        for source in 0..<4 {
            for target in 0..<4 where source != target { pool[target] = mixed(pool[target], hashed(pool[source])) }
        }
    }

    /// Words of 64 bits.
    func state(_ count: Int) -> [UInt64] {
        var constant: UInt32 = 0x8B51_F9DD
        let halves = (0..<2 * count).map { index -> UInt64 in
            var value = pool[index % 4] ^ constant
            constant = constant &* 0x58F3_8DED
            value = value &* constant
            return UInt64(value ^ (value >> 16))
        }
        return (0..<count).map { halves[2 * $0 + 1] << 32 | halves[2 * $0] }
    }
}
