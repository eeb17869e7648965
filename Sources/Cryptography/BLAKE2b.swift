import CSodium

/// BLAKE2b (RFC 7693) without a key: short names for long ones, where nobody gains by a collision.
public enum BLAKE2b {
    /// The hash of `bytes` in `count` bytes, 16 to 64.
    public static func hash(_ bytes: [UInt8], count: Int) -> [UInt8] {
        precondition((16...64).contains(count), "a BLAKE2b hash of \(count) bytes")
        Sodium.requireReady()
        var digest = [UInt8](repeating: 0, count: count)
        _ = crypto_generichash(&digest, count, bytes, UInt64(bytes.count), nil, 0)
        return digest
    }
}
