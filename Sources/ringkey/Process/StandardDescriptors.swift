import Foundation

/// Descriptors 0 to 2.
enum StandardDescriptors {
    /// Gives each that the process was started without (`>&-`) a file of its own, so that no file opened later gets its
    /// number and with it what is meant for stdout or stderr.
    ///
    /// It is opened the wrong way round: reading from such a stdin and writing to such a stdout fails with EBADF, as it
    /// would have without this.
    static func fill() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            let mode = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
            // The lowest free number is this one. A root without /dev still has itself.
            if open("/dev/null", mode) < 0 { _ = open("/", O_RDONLY | O_DIRECTORY) }
        }
    }
}
