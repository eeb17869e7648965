import Files
import Foundation
import InputErrors

/// The files in a folder and the folders below it, in the order of their paths' bytes.
///
/// Links are followed. No folder is entered twice, so that loops of links end. The memory in use is that of the names of
/// the folders on the way down, and 16 bytes a folder.
struct FolderWalk {
    private struct Level {
        let path: [UInt8]
        let listing: FolderListing
        var position = 0
    }

    private struct Identity: Hashable {
        let device: UInt64
        let file: UInt64
    }

    private let rootLength: Int
    private var levels: [Level] = []
    private var visited: Set<Identity> = []
    private var pending: Candidate?

    /// A walk through `root`. A folder that cannot be read is a file with a problem.
    init(_ root: RawPath) {
        var path = root.bytes
        while path.count > 1, path.last == UInt8(ascii: "/") { path.removeLast() }
        if path.last != UInt8(ascii: "/") { path.append(UInt8(ascii: "/")) }
        rootLength = path.count
        var status = stat()
        if root.withCString({ stat($0, &status) }) == 0 { pending = enter(path, status) }
    }

    /// The next file.
    mutating func next() -> Candidate? {
        if let found = pending {
            pending = nil
            return found
        }
        while let level = levels.last {
            guard level.position < level.listing.count else {
                levels.removeLast()
                continue
            }
            levels[levels.count - 1].position += 1
            let (name, kind) = level.listing[level.position]
            let path = level.path + name
            if kind == Int(DT_REG) { return candidate(path) }
            var status = stat()
            guard RawPath(bytes: path).withCString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR
            else { return candidate(path) }
            if let refused = enter(path + [UInt8(ascii: "/")], status) { return refused }
        }
        return nil
    }

    /// Goes down into a folder unless it was visited already.
    /// - Returns: the folder as a file with a problem where it cannot be read.
    private mutating func enter(_ path: [UInt8], _ status: stat) -> Candidate? {
        let identity = Identity(device: UInt64(status.st_dev), file: UInt64(status.st_ino))
        guard visited.insert(identity).inserted else { return nil }
        do {
            levels.append(Level(path: path, listing: try FolderListing(of: RawPath(bytes: path))))
            return nil
        } catch {
            var shown = path
            if shown.count > 1 { shown.removeLast() }
            return candidate(shown, problem: error as? InputError)
        }
    }

    private func candidate(_ path: [UInt8], problem: InputError? = nil) -> Candidate {
        Candidate(found: RawPath(bytes: path), below: Array(path.dropFirst(rootLength)), problem: problem)
    }
}
