import CCrypto
import Foundation

/// SHA-256 (FIPS 180-4) of gigabytes that come in pieces: by libcrypto, which uses the processor's own instructions, where
/// the system has it, and else as `SHA256`.
package final class FileSHA256 {
    private static let fileName = "libcrypto.so.3"
    // Written once; the functions may be called by any thread.
    nonisolated(unsafe) private static let library: UnsafeMutableRawPointer? = {
        let opened = ccrypto_open(fileName)
        free(opened.error)
        return opened.functions
    }()

    private enum State {
        case fast(library: UnsafeMutableRawPointer, state: UnsafeMutableRawPointer)
        case portable(SHA256)
    }

    private var state: State

    /// The hash of nothing yet.
    /// - Parameter isPortable: whether libcrypto is left alone.
    package init(isPortable: Bool = false) {
        if !isPortable, let library = Self.library, let begun = ccrypto_sha256_begin(library) {
            state = .fast(library: library, state: begun)
        } else {
            state = .portable(SHA256())
        }
    }

    deinit {
        if case .fast(let library, let state) = state { ccrypto_sha256_free(library, state) }
    }

    /// Whether libcrypto does the work.
    package var isFast: Bool { if case .fast = state { true } else { false } }

    /// Adds bytes.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        switch state {
        case .fast(let library, let state):
            let code = ccrypto_sha256_update(library, state, bytes.baseAddress, bytes.count)
            precondition(code == 0, "libcrypto refuses \(bytes.count) bytes")
        case .portable(var hash):
            hash.update(bytes)
            state = .portable(hash)
        }
    }

    /// The hash, 32 bytes. Nothing can be added afterwards.
    package func finish() -> [UInt8] {
        switch state {
        case .fast(let library, let state):
            var digest = [UInt8](repeating: 0, count: 32)
            let code = ccrypto_sha256_finish(library, state, &digest)
            precondition(code == 0, "libcrypto gives no hash")
            return digest
        case .portable(var hash): return hash.finish()
        }
    }
}
