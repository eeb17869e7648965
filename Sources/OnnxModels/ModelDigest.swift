import CSodium
import Foundation
import Tensors

extension ModelFolder {
    /// SHA-256 over the names, lengths and hashes of the files that the tool reads from the folder: graphs with their
    /// external data, configurations, tokenizer and schedule. Twelve hexadecimal digits of it are enough for people.
    public func digest() throws -> String {
        var files: [String] = ["model_index.json", "scheduler/scheduler_config.json"]
        files += ["vocab.json", "merges.txt", "tokenizer_config.json"].map { "tokenizer/\($0)" }
        for part in parts {
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(part.rawValue)")
            files += names.map { "\(part.rawValue)/\($0)" }
        }
        var state = crypto_hash_sha256_state()
        crypto_hash_sha256_init(&state)
        for file in files.sorted() where FileManager.default.fileExists(atPath: "\(path)/\(file)") {
            let (count, hash) = try Self.hash("\(path)/\(file)")
            let line = Array("\(file)\0\(count)\0".utf8) + hash
            crypto_hash_sha256_update(&state, line, UInt64(line.count))
        }
        var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256_final(&state, &digest)
        return digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func hash(_ path: String) throws -> (count: Int, hash: [UInt8]) {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw InputError(path, expected: "a readable file", found: "none")
        }
        defer { try? handle.close() }
        var state = crypto_hash_sha256_state()
        crypto_hash_sha256_init(&state)
        var count = 0
        while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
            count += chunk.count
            chunk.withUnsafeBytes { bytes in
                _ = crypto_hash_sha256_update(
                    &state, bytes.bindMemory(to: UInt8.self).baseAddress, UInt64(bytes.count))
            }
        }
        var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256_final(&state, &hash)
        return (count, hash)
    }
}
