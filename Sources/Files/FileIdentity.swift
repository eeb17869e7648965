import Foundation

/// What tells a file from every other one, and from itself before a change: device, inode, size and the times of the last
/// changes of its content and of its status. The latter cannot be set back.
package struct FileIdentity: Hashable, Sendable {
    /// The seven numbers in decimal, a space between them.
    package let text: String
    /// In bytes.
    package let size: Int

    /// The identity of an open file; nil where there is none.
    package init?(of descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        size = Int(status.st_size)
        text = [
            Int(bitPattern: UInt(status.st_dev)), Int(bitPattern: UInt(status.st_ino)), size,
            status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ].map(String.init).joined(separator: " ")
    }
}
