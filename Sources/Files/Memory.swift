import Foundation
import InputErrors

/// Memory that is asked for before it is needed: Swift's own arrays end the process where they get none.
package enum Memory {
    /// Smaller amounts are not asked for.
    private static let least = 1 << 20

    /// Bytes that the system can give without taking them from others; nil where it does not say.
    package static var available: Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
            let line = text.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix("MemAvailable:") })
        else { return nil }
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// Fails where the system would not give `bytes` in one piece now, as under a limit of the address space. Others may
    /// take it in the meantime, and memory that is promised may still be missing when it is written to.
    /// - Parameters:
    ///   - bytes: at least 0.
    ///   - name: of the file or setting that the memory is for.
    package static func require(_ bytes: Int, for name: String) throws {
        precondition(bytes >= 0, "\(bytes) bytes of memory")
        guard bytes >= least else { return }
        let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard memory != MAP_FAILED else {
            throw InputError(name, expected: "\(bytes) bytes of free memory", found: "less than that", as: .noMemory)
        }
        munmap(memory, bytes)
    }
}
