import Files
import Foundation
import InputErrors

/// Where a file of prepared weights lies: in the cache folder, or, where nothing is to be kept, in a folder of its own that
/// is removed again.
package struct PreparedPlace {
    /// The file's path, without links.
    package let path: String
    /// Whether it stays for the next time.
    package let isKept: Bool

    /// - Parameter name: the file's.
    /// - Throws: `InputError` where there is no folder to write to.
    package init(_ name: String, _ environment: [String: String]) throws {
        if let folder = CacheFolder.make("weights", environment), let resolved = RawPath(folder).resolved,
            resolved.isText, resolved.withCString({ access($0, W_OK | X_OK) }) == 0
        {
            self.init(path: "\(resolved)/\(name)", isKept: true)
        } else {
            try self.init(notKept: name, environment)
        }
    }

    /// A place that nothing stays in.
    /// - Parameter name: the file's.
    /// - Throws: `InputError` where there is no folder to write to.
    package init(notKept name: String, _ environment: [String: String]) throws {
        let base = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        guard let resolvedBase = RawPath(base).resolved, resolvedBase.isText else {
            throw InputError(base, expected: "a folder that can be written to", found: "none", as: .notWritable)
        }
        var template = Array("\(resolvedBase)/ringkey-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw InputError(
                base, expected: "a folder that can be written to", found: systemMessage(errno), as: .notWritable)
        }
        let folder = RawPath(bytes: template.dropLast().map { UInt8(bitPattern: $0) })
        self.init(path: "\(folder)/\(name)", isKept: false)
    }

    private init(path: String, isKept: Bool) {
        self.path = path
        self.isKept = isKept
    }

    /// The folder.
    package var folder: String { Folder.of(path) }

    /// Removes a file that is not to be kept, and its folder.
    package func discard() {
        if !isKept { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Removes what processes that were ended left in the cache while they wrote, after a day.
    package func sweep() {
        guard isKept, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for name in names where name.hasPrefix(".tmp-") {
            let path = "\(folder)/\(name)"
            guard let status = RawPath(path).status, status.st_mtim.tv_sec < time(nil) - 86400 else { continue }
            unlink(path)
        }
    }

    /// Whether a file of this user alone is there that begins with some bytes, is of a length and ends with the `Checksum` of
    /// all before. The file is read as a whole.
    /// - Parameters:
    ///   - beginning: the first bytes.
    ///   - count: bytes of the file with its checksum, `Checksum.byteCount` more than a multiple of `Checksum.blockSize`.
    package func holds(_ beginning: [UInt8], count: Int) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            status.st_mode & (S_IWGRP | S_IWOTH) == 0, Int(status.st_size) == count
        else { return false }
        var found = [UInt8](repeating: 0, count: beginning.count)
        guard pread(descriptor, &found, found.count, 0) == found.count, found == beginning else { return false }
        return Self.endsWithChecksum(descriptor, count: count)
    }

    private static func endsWithChecksum(_ descriptor: Int32, count: Int) -> Bool {
        let end = count - Checksum.byteCount
        var checksum = Checksum()
        // Stays in the processor's cache.
        var block = [UInt8](repeating: 0, count: 1 << 18)
        for offset in stride(from: 0, to: end, by: block.count) {
            let length = min(block.count, end - offset)
            guard pread(descriptor, &block, length, off_t(offset)) == length else { return false }
            checksum.update(block[..<length])
        }
        var found = [UInt8](repeating: 0, count: Checksum.byteCount)
        return pread(descriptor, &found, found.count, off_t(end)) == found.count && found == checksum.bytes
    }
}
