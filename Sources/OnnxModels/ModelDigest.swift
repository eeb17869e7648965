import CSodium
import Foundation
import Synchronization
import Tensors

/// What identifies a model: the SHA-256 over its files, whatever the folder is called.
///
/// The digest is SHA-256 over one line a file, `path TAB size TAB sha256 LF` (sha256 in lower-case hexadecimal), sorted by
/// the paths' UTF-8 bytes. Files are `model_index.json` and everything in the parts' folders but hidden files; a model
/// card or pictures beside them do not change it.
public struct ModelDigest: Hashable, Sendable, CustomStringConvertible {
    /// One file of the model.
    public struct File: Hashable, Sendable {
        /// Relative to the folder, with `/`.
        public let path: String
        /// In bytes.
        public let size: Int
        /// 64 hexadecimal digits.
        public let sha256: String
    }

    /// The files, sorted by path.
    public let files: [File]
    /// 64 hexadecimal digits.
    public let sha256: String

    /// `sha256`.
    public var description: String { sha256 }

    /// Reads and hashes the files of a folder, several at a time.
    public init(of folder: URL) throws {
        let paths = try Self.paths(in: folder)
        let hashed = Mutex<[File]>([])
        try Concurrently.forEach(paths) { path in
            let file = try Self.hash(folder.appendingPathComponent(path), path: path)
            hashed.withLock { $0.append(file) }
        }
        files = hashed.withLock { $0 }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        var state = crypto_hash_sha256_state()
        crypto_hash_sha256_init(&state)
        for line in files.map({ "\($0.path)\t\($0.size)\t\($0.sha256)\n" }) {
            let bytes = Array(line.utf8)
            crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count))
        }
        sha256 = Self.finish(&state)
    }

    private static func paths(in folder: URL) throws -> [String] {
        var paths = ["model_index.json"]
        for part in ModelPart.allCases {
            let names = FileManager.default.enumerator(
                atPath: folder.appendingPathComponent(part.rawValue).resolvingSymlinksInPath().path)
            while let name = names?.nextObject() as? String {
                let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
                if !isHidden, names?.fileAttributes?[.type] as? FileAttributeType != .typeDirectory {
                    paths.append("\(part.rawValue)/\(name)")
                }
            }
        }
        return paths
    }

    private static func hash(_ url: URL, path: String) throws -> File {
        guard let stream = fopen(url.path, "rb") else {
            throw InputError(url.path, expected: "a readable file", found: systemMessage(errno))
        }
        defer { fclose(stream) }
        var state = crypto_hash_sha256_state()
        crypto_hash_sha256_init(&state)
        var size = 0
        try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 64) { buffer in
            while true {
                let count = fread(buffer.baseAddress, 1, buffer.count, stream)
                crypto_hash_sha256_update(&state, buffer.baseAddress, UInt64(count))
                size += count
                if count < buffer.count { break }
            }
            guard ferror(stream) == 0 else {
                throw InputError(url.path, expected: "a readable file", found: systemMessage(errno))
            }
        }
        return File(path: path, size: size, sha256: finish(&state))
    }

    private static func finish(_ state: inout crypto_hash_sha256_state) -> String {
        var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256_final(&state, &digest)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
