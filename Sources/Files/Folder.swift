import Foundation
import InputErrors

/// Folders, by names of any bytes.
public enum Folder {
    /// Makes a folder and those above it, unless it is there.
    public static func make(_ path: String) throws {
        let bytes = RawPath(path).bytes
        let ends = bytes.indices.filter { $0 > 0 && bytes[$0] == UInt8(ascii: "/") } + [bytes.count]
        for end in ends { _ = RawPath(bytes: Array(bytes[..<end])).withCString { mkdir($0, 0o777) } }
        guard !bytes.contains(0), RawPath(path).isFolder else {
            throw InputError(
                path, expected: "a folder, or a place to create one", found: "neither", as: .notWritable)
        }
    }

    /// The folder that a file lies in: `.` where its name has no slash.
    package static func of(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The names in a folder, in the order of their bytes.
    /// - Throws: `InputError` where it cannot be read.
    package static func names(in path: String) throws -> [RawPath] {
        guard let stream = RawPath(path).withCString({ opendir($0) }) else {
            throw InputError(
                path, expected: "a folder that can be read", found: systemMessage(errno), as: .notReadable)
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
            let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: UInt8.self)
            let length = strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
            let name = Array(UnsafeBufferPointer(start: start, count: length))
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }.map(RawPath.init(bytes:))
    }
}
