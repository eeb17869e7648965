import Cryptography
import Files
import Foundation
import InputErrors
import Models
import Synchronization

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
    public init(of folder: URL) throws { try self.init(of: folder, paths: Self.paths(in: folder)) }

    /// Reads and hashes some files of a folder, several at a time.
    /// - Parameter paths: relative to the folder, with `/`.
    package init(of folder: URL, paths: [String]) throws {
        let hashed = Mutex<[File]>([])
        try Concurrently.forEach(paths) { path in
            let file = try Self.hash(folder.appendingPathComponent(path), path: path)
            hashed.withLock { $0.append(file) }
        }
        files = hashed.withLock { $0 }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let lines = files.map { "\($0.path)\t\($0.size)\t\($0.sha256)\n" }.joined()
        sha256 = SHA256.hash(Array(lines.utf8)).hexadecimal
    }

    private static func paths(in folder: URL) throws -> [String] {
        var paths = ["model_index.json"]
        for part in ModelPart.allCases { try collect(part.rawValue, in: folder, into: &paths) }
        return paths
    }

    /// Adds what is in a folder and below it. A folder that cannot be read is refused: without it the model would have
    /// another digest for somebody who may read it.
    private static func collect(_ place: String, in folder: URL, into paths: inout [String]) throws {
        let path = folder.appendingPathComponent(place).resolvingSymlinksInPath().path
        guard FileManager.default.fileExists(atPath: path) else { return }
        for (name, isFolder) in try entries(of: path) where !name.hasPrefix(".") {
            if isFolder {
                try collect("\(place)/\(name)", in: folder, into: &paths)
            } else {
                paths.append("\(place)/\(name)")
            }
        }
    }

    /// The names in a folder, and which of them are folders themselves; a link to one is none.
    private static func entries(of path: String) throws -> [(name: String, isFolder: Bool)] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).map { name in
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
                return (name, attributes[.type] as? FileAttributeType == .typeDirectory)
            }
        } catch {
            throw InputError(
                path, expected: "a folder that can be read", found: error.localizedDescription, as: .notReadable)
        }
    }

    private static func hash(_ url: URL, path: String) throws -> File {
        guard let stream = fopen(url.path, "rb") else {
            throw InputError(url.path, expected: "a readable file", found: systemMessage(errno), as: .notReadable)
        }
        defer { fclose(stream) }
        var status = stat()
        let entry = DigestCache.name(of: fileno(stream))
        if let known = entry.flatMap(DigestCache.sha256), fstat(fileno(stream), &status) == 0 {
            return File(path: path, size: Int(status.st_size), sha256: known)
        }
        let digest = FileSHA256()
        var size = 0
        try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 64) { buffer in
            while true {
                let count = fread(buffer.baseAddress, 1, buffer.count, stream)
                digest.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
                size += count
                if count < buffer.count { break }
            }
            guard ferror(stream) == 0 else {
                throw InputError(url.path, expected: "a readable file", found: systemMessage(errno), as: .notReadable)
            }
        }
        let sha256 = digest.finish().hexadecimal
        // Not of a file that was changed while it was read.
        if let entry, DigestCache.name(of: fileno(stream)) == entry { DigestCache.keep(sha256, as: entry) }
        return File(path: path, size: size, sha256: sha256)
    }
}
