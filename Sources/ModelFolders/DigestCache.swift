import Cryptography
import Files
import Foundation

/// Hashes of large files, kept so that gigabytes are not read again only to be named. A file is known by its
/// `FileIdentity`.
enum DigestCache {
    /// Smaller files are hashed faster than it matters.
    private static let smallest = 1 << 20
    private static let length = 64

    /// The hash that is kept under a name.
    static func sha256(_ name: String) -> String? {
        guard let folder = CacheFolder.make("digests"),
            let data = try? InputFile.read("\(folder)/\(name)", limit: length),
            data.count == length, data.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
        else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    /// Keeps a hash. Where that fails, the file is hashed again the next time.
    static func keep(_ sha256: String, as name: String) {
        guard let folder = CacheFolder.make("digests") else { return }
        try? AtomicFile.write(Data(sha256.utf8), to: "\(folder)/\(name)", overwrite: true, permissions: 0o600)
    }

    /// The name under which an open file's hash is kept; nil for a small one.
    static func name(of descriptor: Int32) -> String? {
        guard let identity = FileIdentity(of: descriptor), identity.size >= smallest else { return nil }
        return SHA256.hash(Array(identity.text.utf8)).hexadecimal
    }
}
