import Foundation
import InputErrors

/// How many files the process may have open.
enum DescriptorLimit {
    /// What an audit needs with room to spare. Below some ten, Swift's Dispatch traps, and libraries take what they cannot
    /// read for something else.
    private static let least = rlim_t(64)

    /// Raises the limit where it is low and the system lets it be raised.
    /// - Throws: `InputError` where it stays too low.
    static func require() throws {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(kind, &limit) == 0, limit.rlim_cur < least else { return }
        let found = limit.rlim_cur
        limit.rlim_cur = min(limit.rlim_max, 1024)
        guard limit.rlim_cur >= least, setrlimit(kind, &limit) == 0 else {
            throw InputError(
                "open files", expected: "a limit of at least \(least)", found: "\(found)", as: .noDescriptors)
        }
    }
}
