import Foundation

/// This process's memory, as the system counts it.
enum ResidentMemory {
    /// Bytes in memory now; nil where the system does not say.
    static var now: Int? { field("VmRSS:") }
    /// The most there were since the process began; nil where the system does not say.
    static var peak: Int? { field("VmHWM:") }

    private static func field(_ name: String) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix(name) })
        else { return nil }
        return line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) }.map {
            $0 * 1024
        }
    }
}
