import CSodium

/// The primitives of libsodium that keys are derived with. Its initialisation happens once, before the first use.
package enum Sodium {
    private static let isReady: Bool = sodium_init() >= 0

    static func requireReady() {
        precondition(isReady, "libsodium could not be initialised: the system has no source of random numbers")
    }

    /// Bytes from the system's source of random numbers.
    package static func randomBytes(_ count: Int) -> SecretBytes {
        SecretBytes(count: count) { bytes in
            randombytes_buf(start(bytes), count)
        }
    }

    /// HKDF-SHA256 (RFC 5869), one block of output.
    package static func hkdf(_ secret: SecretBytes, salt: String, info: String) -> SecretBytes {
        let salt = Array(salt.utf8)
        let extracted = secret.withUnsafeBytes { secret in
            salt.withUnsafeBytes { hmacSHA256(secret, key: $0) }
        }
        let message = Array(info.utf8) + [1]
        return extracted.withUnsafeBytes { key in message.withUnsafeBytes { hmacSHA256($0, key: key) } }
    }

    private static func hmacSHA256(_ message: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer) -> SecretBytes {
        SecretBytes(count: Int(crypto_auth_hmacsha256_BYTES)) { hmacSHA256(message, key: key, into: $0) }
    }

    /// HMAC-SHA256 (RFC 2104) into memory that is at hand. libsodium zeroes the state when the tag is taken.
    /// - Parameters:
    ///   - message: what is authenticated.
    ///   - key: of any length.
    ///   - tag: 32 bytes.
    package static func hmacSHA256(
        _ message: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer, into tag: UnsafeMutableRawBufferPointer
    ) {
        precondition(tag.count == Int(crypto_auth_hmacsha256_BYTES), "a tag of \(tag.count) bytes")
        requireReady()
        var state = crypto_auth_hmacsha256_state()
        crypto_auth_hmacsha256_init(&state, start(key), key.count)
        crypto_auth_hmacsha256_update(&state, start(message), UInt64(message.count))
        crypto_auth_hmacsha256_final(&state, start(tag))
    }

    /// The keystream of ChaCha20 (RFC 8439) from block 0.
    /// - Parameters:
    ///   - count: bytes.
    ///   - key: of 32 bytes.
    ///   - nonce: of 12 bytes; nil for zeros.
    package static func chaCha20(_ count: Int, key: SecretBytes, nonce: [UInt8]? = nil) -> SecretBytes {
        SecretBytes(count: count) { bytes in key.withUnsafeBytes { chaCha20(key: $0, nonce: nonce, into: bytes) } }
    }

    /// The same into memory that is at hand.
    /// - Parameters:
    ///   - key: of 32 bytes.
    ///   - nonce: of 12 bytes; nil for zeros.
    ///   - bytes: all of it is filled.
    package static func chaCha20(
        key: UnsafeRawBufferPointer, nonce: [UInt8]? = nil, into bytes: UnsafeMutableRawBufferPointer
    ) {
        precondition(key.count == Int(crypto_stream_chacha20_ietf_KEYBYTES), "a ChaCha20 key of \(key.count) bytes")
        requireReady()
        let nonce = nonce ?? [UInt8](repeating: 0, count: Int(crypto_stream_chacha20_ietf_NONCEBYTES))
        precondition(
            nonce.count == Int(crypto_stream_chacha20_ietf_NONCEBYTES), "a ChaCha20 nonce of \(nonce.count) bytes")
        _ = crypto_stream_chacha20_ietf(start(bytes), UInt64(bytes.count), nonce, start(key))
    }

    private static func start(_ bytes: UnsafeRawBufferPointer) -> UnsafePointer<UInt8> {
        guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else {
            preconditionFailure("\(bytes.count) bytes without memory")
        }
        return start
    }

    private static func start(_ bytes: UnsafeMutableRawBufferPointer) -> UnsafeMutablePointer<UInt8> {
        UnsafeMutablePointer(mutating: start(UnsafeRawBufferPointer(bytes)))
    }
}
