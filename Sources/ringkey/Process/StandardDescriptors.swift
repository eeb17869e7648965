import Foundation

/// Descriptors 0 to 2.
enum StandardDescriptors {
    /// `O_PATH` of Linux, on x86-64 and 64-bit ARM; Swift's module of glibc leaves it out.
    private static let pathOnly: Int32 = 0o10_000_000

    /// Gives each that the process was started without (`>&-`) something of its own, so that no file opened later gets its
    /// number and with it what is meant for stdout or stderr.
    ///
    /// It can be neither read nor written (EBADF), as a closed one, and what is opened as /dev/stdout is a folder.
    static func fill() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // The lowest free number is this one.
            _ = open("/", pathOnly)
        }
    }
}
