import Files
import InputErrors

/// A file that a source names.
struct Candidate: Sendable {
    /// The file's name for the system.
    let path: RawPath
    /// What its shard is told by: the name below the source folder, or as given.
    let shardName: [UInt8]
    /// Whether it was found in a folder. A file that somebody named is an image to them, whatever it is called.
    let isFromFolder: Bool
    /// Why there is nothing to read, where that is known already.
    var problem: InputError?

    /// A file that somebody named.
    init(named path: RawPath) {
        self.path = path
        shardName = path.bytes
        isFromFolder = false
    }

    /// A file found in a folder.
    init(found path: RawPath, below shardName: [UInt8], problem: InputError? = nil) {
        self.path = path
        self.shardName = shardName
        isFromFolder = true
        self.problem = problem
    }
}
