import Cryptography
import Files
import Foundation

/// Hashes of large files, kept so that gigabytes are not read again only to be named. A file is known by its
/// `FileIdentity`. An entry is the hash, 64 hexadecimal digits, and the first 16 of the SHA-256 of the entry's name and
/// the hash, which tell one that is damaged or has another's name.
enum DigestCache {
    /// Smaller files are hashed faster than it matters.
    private static let smallest = 1 << 20
    private static let length = 64
    private static let checkLength = 16

    /// The hash that is kept under a name.
    static func sha256(_ name: String) -> String? {
        guard let folder = CacheFolder.make("digests"),
            let data = try? InputFile.read("\(folder)/\(name)", limit: length + checkLength)
        else { return nil }
        let hash = String(decoding: data.prefix(length), as: UTF8.self)
        return data.elementsEqual(entry(hash, name).utf8) ? hash : nil
    }

    /// Keeps a hash. Where that fails, the file is hashed again the next time.
    static func keep(_ sha256: String, as name: String) {
        guard let folder = CacheFolder.make("digests") else { return }
        try? AtomicFile.write(
            Data(entry(sha256, name).utf8), to: "\(folder)/\(name)", overwrite: true, permissions: 0o600)
    }

    private static func entry(_ sha256: String, _ name: String) -> String {
        sha256 + SHA256.hash(Array((name + sha256).utf8)).hexadecimal.prefix(checkLength)
    }

    /// The name under which an open file's hash is kept; nil for a small one.
    static func name(of descriptor: Int32) -> String? {
        guard let identity = FileIdentity(of: descriptor), identity.size >= smallest else { return nil }
        return SHA256.hash(Array(identity.text.utf8)).hexadecimal
    }
}
