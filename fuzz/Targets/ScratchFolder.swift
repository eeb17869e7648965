import Foundation

/// A folder in memory for readers that take a path. Its files are overwritten for each input; one thread at a time.
final class ScratchFolder: Sendable {
    let url: URL

    init(_ name: String) {
        let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        url = URL(fileURLWithPath: "\(base)/ringkey-fuzz-\(getpid())-\(name)")
    }

    /// Writes a file, also into folders that do not exist yet, and returns its path.
    func write(_ name: String, _ bytes: ArraySlice<UInt8>) throws -> String {
        let file = url.appendingPathComponent(name)
        if !FileManager.default.fileExists(atPath: file.path) {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        }
        try Data(bytes).write(to: file)
        return file.path
    }

    /// Writes one file for each part of the input, which are separated by NUL: no text file has one. An empty part is no
    /// file.
    func write(_ names: [String], of bytes: [UInt8]) throws {
        let parts = bytes.split(separator: 0, maxSplits: names.count - 1, omittingEmptySubsequences: false)
        for (index, name) in names.enumerated() {
            if index < parts.count, !parts[index].isEmpty {
                _ = try write(name, parts[index])
            } else {
                unlink(url.appendingPathComponent(name).path)
            }
        }
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
