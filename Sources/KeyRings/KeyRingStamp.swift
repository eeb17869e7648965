import Cryptography
import Files
import Foundation

/// What tells whether a file is the one that it was: length, time of the last change, and its beginning and end.
struct KeyRingStamp: Sendable, Equatable, Codable {
    /// Bytes of the beginning, and of the end, that are hashed.
    private static let hashed = 1 << 16

    let length: Int
    /// In nanoseconds since 1970.
    let modified: Int
    /// SHA-256, hexadecimal.
    let ends: String

    /// The stamp of content that is in no file.
    init(length: Int) {
        self.length = length
        modified = 0
        ends = ""
    }

    /// The stamp of a file.
    init(_ path: String) throws {
        let file = try RegularFile(opening: path)
        var hash = SHA256()
        hash.update(try file.beginning(Self.hashed))
        let start = max(0, file.count - Self.hashed)
        var end = [UInt8](repeating: 0, count: file.count - start)
        try end.withUnsafeMutableBytes { try file.read(into: $0, at: start) }
        hash.update(end)
        length = file.count
        modified = file.modified
        ends = hash.finish().hexadecimal
    }
}
