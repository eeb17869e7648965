import Files
import Foundation
import TestSupport
import Testing

/// How much memory is left.
struct AvailableMemoryTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        func write(_ path: String, _ text: String) throws {
            let file = folder.url.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data((text + "\n").utf8).write(to: file)
        }
        // Version 2: a job without a limit of its own in a slice that has one.
        try write("slice/job/memory.max", "max")
        try write("slice/job/memory.current", "700")
        try write("slice/memory.max", "1000")
        try write("slice/memory.current", "800")
        try write("slice/memory.stat", "anon 100\ninactive_file 300")
        // Version 1.
        try write("memory/box/memory.limit_in_bytes", "5000")
        try write("memory/box/memory.usage_in_bytes", "4900")
        try write("memory/memory.limit_in_bytes", "9223372036854771712")
        try write("memory/memory.usage_in_bytes", "9000")
    }

    @Test(arguments: [
        ("0::/slice/job\n", 500), ("4:cpu,memory:/box\n1:pids:/x\n", 100), ("0::/slice\n4:memory:/box\n", 100),
        ("0::/no/such\n", nil), ("nonsense", nil),
    ])
    func controlGroups(_ membership: String, _ left: Int?) {
        #expect(AvailableMemory.controlGroup(root: folder.url.path, membership: membership) == left)
    }

    @Test func thisMachineHasSome() { #expect(AvailableMemory.bytes > 1 << 20) }
}
