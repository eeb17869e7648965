import Foundation
import TestSupport
import Testing

/// What becomes of a key's secret in the real binary.
@Suite(.takesTurns) struct SecretsTests {
    private let folder: TemporaryFolder
    private static let isRoot = geteuid() == 0

    init() throws { folder = try TemporaryFolder() }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func key() throws -> String {
        let path = folder.path("k.json")
        let sample = Fixtures.repository.appendingPathComponent("samples/demo.key.json")
        try FileManager.default.copyItem(atPath: sample.path, toPath: path)
        chmod(path, 0o600)
        return path
    }

    /// While an audit waits for names, its memory holds the secret once, as bytes, in locked memory; neither its digits nor
    /// what was read of the file are left. No dump can be had of it.
    @Test(.enabled(if: isRoot, "only root looks into the memory of a process that leaves no dumps"))
    func memoryHoldsTheSecretOnce() async throws {
        let key = try key()
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: key)))
        let digits = try #require((document as? [String: Any])?["secret"] as? String)
        let hexadecimal = Array(digits.utf8)
        let secret = stride(from: 0, to: 64, by: 2).compactMap { place in
            UInt8(String(decoding: hexadecimal[place..<place + 2], as: UTF8.self), radix: 16)
        }
        #expect(secret.count == 32)
        // ringkey audit - --key k.json
        let tool = try RunningTool(["audit", "-", "--key", key, "--steps", "0", "--decoys", "0"])
        #expect(try await tool.line()?.contains("ringkey.audit/1") == true)
        let memory = try await ProcessImage(of: tool.identifier)
        #expect(memory.count(secret) == 1)
        #expect(memory.count(Array(hexadecimal.prefix(32))) == 0)
        #expect(try memory.number("VmLck:", in: "status") > 0)
        #expect(try memory.number("Max core file size", in: "limits") == 0)
        try tool.endInput()
        #expect(try await tool.finish().status == 0)
    }

    /// ringkey noise --key k.json -o z_T.npy; whoever has marked noise can copy the mark.
    @Test func noiseIsPrivate() async throws {
        let path = folder.path("z_T.npy")
        #expect(try await Tool.run(["noise", "--key", key(), "-o", path]).status == 0)
        #expect(try mode(path) == 0o600)
    }

    /// Neither read nor written where others could put a key of their own.
    @Test func aFolderOfEverybodyIsRefused() async throws {
        let key = try key()
        chmod(folder.url.path, 0o777)
        for arguments in [
            ["key", "show", key], ["noise", "--key", key, "-o", folder.path("z.npy")],
            ["verify", "samples/images/clean-1.png", "--key", key],
            ["keygen", "--latent", "4x32x32", "-o", folder.path("new.json")],
        ] {
            let output = try await Tool.run(arguments)
            #expect(output.status == 2 && output.stdout.isEmpty, "\(arguments)")
            #expect(output.stderr.contains("of mode 777 (move it to a folder of your own)"), "\(output.stderr)")
        }
        #expect(try folder.names == ["k.json"])
    }
}

/// The memory of a process, as its tables of /proc show it.
private struct ProcessImage {
    private let process: Int32
    private var regions: [[UInt8]] = []

    init(of process: Int32) async throws {
        self.process = process
        // Foundation reads no more than a page of it.
        let maps = try await Tool.run(command: ["cat", "/proc/\(process)/maps"]).stdout
        let memory = open("/proc/\(process)/mem", O_RDONLY)
        #expect(memory >= 0)
        defer { close(memory) }
        for line in maps.split(separator: "\n") where !line.contains("[v") {
            let words = line.split(separator: " ")
            let ends = words[0].split(separator: "-").compactMap { Int($0, radix: 16) }
            guard words[1].hasPrefix("r"), ends.count == 2 else { continue }
            regions.append(
                [UInt8](unsafeUninitializedCapacity: ends[1] - ends[0]) { bytes, count in
                    count = max(0, pread(memory, bytes.baseAddress, bytes.count, ends[0]))
                })
        }
    }

    /// How often some bytes are there.
    func count(_ bytes: [UInt8]) -> Int {
        regions.reduce(0) { sum, region in
            region.withUnsafeBytes { region in
                var (count, from) = (0, 0)
                while let base = region.baseAddress, from <= region.count - bytes.count,
                    let found = memchr(base + from, Int32(bytes[0]), region.count - bytes.count - from + 1)
                {
                    if memcmp(found, bytes, bytes.count) == 0 { count += 1 }
                    from = UnsafeRawPointer(found) - base + 1
                }
                return sum + count
            }
        }
    }

    /// The first number after a name in one of the process's tables.
    func number(_ name: String, in table: String) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process)/\(table)", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name) })
        return try #require(line.dropFirst(name.count).split { $0 == " " || $0 == "\t" }.first.flatMap { Int($0) })
    }
}
