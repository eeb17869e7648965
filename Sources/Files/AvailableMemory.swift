import Foundation

/// How much memory the process can still take.
public enum AvailableMemory {
    /// In bytes: the least of what the machine has free, what its control groups leave it, and what its limit of address
    /// space leaves it. 1 GiB where the system does not tell.
    public static var bytes: Int {
        let known = [machine, controlGroup(root: "/sys/fs/cgroup"), addressSpace].compactMap(\.self)
        return max(0, known.min() ?? 1 << 30)
    }

    private static var machine: Int? {
        value(of: "MemAvailable:", in: text("/proc/meminfo")).map { $0 * 1024 }
    }

    private static var addressSpace: Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max,
            let used = value(of: "VmSize:", in: text("/proc/self/status"))
        else { return nil }
        return Int(clamping: limit.rlim_cur) - used * 1024
    }

    /// Of this process's group and all above it, in version 2 and version 1.
    package static func controlGroup(root: String, membership: String? = text("/proc/self/cgroup")) -> Int? {
        var left: Int?
        for line in (membership ?? "").split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[1].isEmpty || parts[1].split(separator: ",").contains("memory") else {
                continue
            }
            let isVersion2 = parts[1].isEmpty
            var path = parts[2].split(separator: "/").joined(separator: "/")
            while true {
                let folder = (isVersion2 ? root : root + "/memory") + "/" + path
                if let limit = number("\(folder)/\(isVersion2 ? "memory.max" : "memory.limit_in_bytes")"),
                    let used = number("\(folder)/\(isVersion2 ? "memory.current" : "memory.usage_in_bytes")")
                {
                    // What files in the cache take is given back when it is needed.
                    let cached = value(
                        of: isVersion2 ? "inactive_file" : "total_inactive_file", in: text("\(folder)/memory.stat"))
                    left = min(left ?? Int.max, limit - max(0, used - (cached ?? 0)))
                }
                if path.isEmpty { break }
                path = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
            }
        }
        return left
    }

    /// Nil for `max` and for what is no number of an Int.
    private static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.split(whereSeparator: \.isNewline).first ?? "") }
    }

    /// The number behind a word at the beginning of a line.
    private static func value(of word: String, in text: String?) -> Int? {
        for line in (text ?? "").split(whereSeparator: \.isNewline) {
            let parts = line.split(whereSeparator: { " \t".contains($0) })
            if parts.count >= 2, parts[0] == word { return Int(parts[1]) }
        }
        return nil
    }

    private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
