import Foundation
import Synchronization

/// Signals that would end the process where it can say what is wrong instead.
enum FatalSignals {
    /// Whether a broken pipe ended the process as it was started.
    private static let endsOnBrokenPipe = Mutex(false)

    /// Makes errors of them: a file size limit is one like a full disk, and a broken pipe is one for whoever writes to it.
    /// To be called once, while there is one thread.
    static func ignore() {
        signal(SIGXFSZ, SIG_IGN)
        let inherited = signal(SIGPIPE, SIG_IGN)
        endsOnBrokenPipe.withLock { $0 = inherited == nil }
    }

    /// Swift's runtime would print registers and the memory that they point to, which may be a key's; whoever looks for a
    /// fault asks for that by SWIFT_BACKTRACE.
    static func endWithoutBacktrace() {
        guard getenv("SWIFT_BACKTRACE") == nil else { return }
        for number in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP, SIGQUIT] { signal(number, SIG_DFL) }
    }

    /// Ends the process as a broken pipe does by default, without a word; returns where the parent had it ignored.
    static func endByBrokenPipe() {
        guard endsOnBrokenPipe.withLock(\.self) else { return }
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
    }
}
