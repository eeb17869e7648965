import Foundation

/// Writing to what is open already: the one loop around `write(2)`.
package enum OpenDescriptor {
    /// Whether a descriptor of this process is open on a file.
    package static func isOpen(_ file: stat, as descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_dev == file.st_dev && status.st_ino == file.st_ino
    }

    /// Writes all of `bytes`, waiting where a pipe that does not block is full.
    /// - Returns: 0, or the number of the error that ended it; a part of the bytes may have been written then.
    package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if written > 0 {
                done += written
            } else if written == 0 {
                return ENOSPC
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
