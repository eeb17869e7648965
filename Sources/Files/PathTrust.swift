import Foundation

/// Whether anybody but this process's user and root could put another file in the place of one.
enum PathTrust {
    /// As many links as the system follows.
    private static let mostLinks = 40

    /// The folder or the link on the way to a file through which others could do so, in words; nil where there is none.
    ///
    /// A folder is one where the world may write to it, unless it has the sticky bit and is this user's or root's; a link
    /// is one where it is neither this user's nor root's. Where the way ends early, opening the file says why.
    static func weakness(of path: RawPath) -> String? {
        let slash = UInt8(ascii: "/")
        var rest = parts(path.bytes)
        if path.bytes.first != slash { rest += parts(workingFolder) }
        var place: [UInt8] = []
        var links = 0
        var status = stat()
        repeat {
            let name = RawPath(bytes: place.isEmpty ? [slash] : place)
            guard name.withCString({ lstat($0, &status) }) == 0 else { return nil }
            if status.st_mode & S_IFMT == S_IFLNK {
                links += 1
                guard isOurs(status.st_uid) else { return "the link \(name.text) of user \(status.st_uid)" }
                guard links <= mostLinks, let target = target(of: name) else { return nil }
                rest += parts(target)
                place = target.first == slash ? [] : Array(place[..<(place.lastIndex(of: slash) ?? 0)])
            } else if status.st_mode & S_IFMT == S_IFDIR, status.st_mode & S_IWOTH != 0 {
                let isSticky = status.st_mode & S_ISVTX != 0
                guard isSticky, isOurs(status.st_uid) else {
                    return "the folder \(name.text) of mode \(String(status.st_mode & 0o7777, radix: 8))"
                }
            }
            guard let part = rest.popLast() else { return nil }
            place += [slash] + part
        } while true
    }

    private static func isOurs(_ user: uid_t) -> Bool { user == geteuid() || user == 0 }

    /// The parts of a path, the last one first.
    private static func parts(_ path: [UInt8]) -> [[UInt8]] {
        path.split(separator: UInt8(ascii: "/")).reversed().map(Array.init)
    }

    private static var workingFolder: [UInt8] {
        guard let folder = getcwd(nil, 0) else { return [] }
        defer { free(folder) }
        return UnsafeBufferPointer(start: folder, count: strlen(folder)).map { UInt8(bitPattern: $0) }
    }

    private static func target(of link: RawPath) -> [UInt8]? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = link.withCString { readlink($0, &target, target.count) }
        return count > 0 ? target[..<count].map { UInt8(bitPattern: $0) } : nil
    }
}
