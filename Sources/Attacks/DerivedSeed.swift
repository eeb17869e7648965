/// Seeds for the parts of a study, so that each part stays the same when others are added.
public enum DerivedSeed {
    /// The seed of the part `name`: the 64-bit FNV-1a hash (Fowler, Noll and Vo) of seed and name.
    public static func seed(_ seed: UInt64, _ name: String) -> UInt64 {
        "\(seed)/\(name)".utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
