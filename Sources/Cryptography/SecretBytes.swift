import CSodium

/// Bytes that nobody else is to have, once in memory: all who hold this object share them.
///
/// They lie in pages of their own from libsodium, guarded on both sides, kept out of swap and core dumps (where the system
/// lets the process lock memory), read-only once they are there, and zeroed when the last holder lets go.
public final class SecretBytes: Sendable {
    /// How many.
    public let count: Int
    /// Written before the first holder has the object, read afterwards.
    private nonisolated(unsafe) let start: UnsafeMutableRawPointer

    /// - Parameters:
    ///   - count: at least 1.
    ///   - fill: writes the bytes, which are not zero before.
    public init(count: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        precondition(count > 0, "\(count) secret bytes")
        Sodium.requireReady()
        guard let start = sodium_malloc(count) else { preconditionFailure("no memory for \(count) secret bytes") }
        self.count = count
        self.start = start
        try fill(UnsafeMutableRawBufferPointer(start: start, count: count))
        sodium_mprotect_readonly(start)
    }

    deinit { sodium_free(start) }

    /// Reads the bytes where they lie. Whatever is copied from them is not wiped.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: start, count: count))
    }
}

extension SecretBytes: Equatable {
    /// Whether the bytes are the same, in a time that does not tell where they differ.
    public static func == (one: SecretBytes, other: SecretBytes) -> Bool {
        one.count == other.count && sodium_memcmp(one.start, other.start, one.count) == 0
    }
}
