import CSodium

/// The primitives of libsodium that keys are derived with. Its initialisation happens once, before the first use.
package enum Sodium {
    private static let isReady: Bool = sodium_init() >= 0

    static func requireReady() {
        precondition(isReady, "libsodium could not be initialised: the system has no source of random numbers")
    }

    /// Bytes from the system's source of random numbers.
    package static func randomBytes(_ count: Int) -> [UInt8] {
        requireReady()
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }

    static func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        requireReady()
        var state = crypto_auth_hmacsha256_state()
        var tag = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        crypto_auth_hmacsha256_init(&state, key, key.count)
        crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        crypto_auth_hmacsha256_final(&state, &tag)
        return tag
    }

    /// HKDF-SHA256 (RFC 5869), one block of output.
    package static func hkdf(_ secret: [UInt8], salt: String, info: String) -> [UInt8] {
        hmacSHA256(Array(info.utf8) + [1], key: hmacSHA256(secret, key: Array(salt.utf8)))
    }

    /// The keystream of ChaCha20 (RFC 8439) from block 0 under a nonce of zeros.
    package static func chaCha20(_ count: Int, key: [UInt8]) -> [UInt8] {
        requireReady()
        precondition(key.count == Int(crypto_stream_chacha20_ietf_KEYBYTES), "a ChaCha20 key of \(key.count) bytes")
        let nonce = [UInt8](repeating: 0, count: Int(crypto_stream_chacha20_ietf_NONCEBYTES))
        var bytes = [UInt8](repeating: 0, count: count)
        crypto_stream_chacha20_ietf(&bytes, UInt64(count), nonce, key)
        return bytes
    }
}
