import Foundation
import Testing

/// The real binary, run as a user would run it.
public enum Tool {
    /// What a run left behind.
    public struct Output: Sendable {
        /// The exit code; 128 and the signal's number after a signal.
        public let status: Int32
        /// All that was printed as results.
        public let stdout: String
        /// All that was printed beside.
        public let stderr: String
        /// The lines of stdout that are JSON objects.
        public var json: [[String: Any]] {
            stdout.split(whereSeparator: \.isNewline).compactMap {
                (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
            }
        }
        /// The lines of stderr.
        public var errorLines: [String] { stderr.split(whereSeparator: \.isNewline).map(String.init) }
    }

    /// Beside the test bundle, in the folder of the same build.
    public static let url: URL = {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = bundle.appendingPathComponent("ringkey")
        return FileManager.default.isExecutableFile(atPath: beside.path)
            ? beside : Fixtures.repository.appendingPathComponent(".build/release/ringkey")
    }()

    /// Runs `ringkey` in the repository's root. Both pipes are drained while it runs; after the timeout it is killed.
    public static func run(
        _ arguments: [String], environment: [String: String] = [:], folder: URL = Fixtures.repository,
        timeout: Double = 120
    ) throws -> Output {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let (stdout, stderr) = (Pipe(), Pipe())
        process.standardOutput = stdout
        process.standardError = stderr
        let group = DispatchGroup()
        nonisolated(unsafe) var (out, err) = (Data(), Data())
        try process.run()
        DispatchQueue.global().async(group: group) { out = stdout.fileHandleForReading.readDataToEndOfFile() }
        DispatchQueue.global().async(group: group) { err = stderr.fileHandleForReading.readDataToEndOfFile() }
        if group.wait(timeout: .now() + timeout) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            group.wait()
            Issue.record("ringkey \(arguments.joined(separator: " ")) ran longer than \(timeout) s")
        }
        process.waitUntilExit()
        // A signal is told apart from an exit code, as shells do.
        let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
        return Output(
            status: process.terminationStatus + signal, stdout: String(decoding: out, as: UTF8.self),
            stderr: String(decoding: err, as: UTF8.self))
    }
}

/// A folder that lives as long as a test.
public final class TemporaryFolder {
    /// The folder.
    public let url: URL

    /// Makes the folder.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("ringkey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of a file in the folder.
    public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file into the folder and returns its path.
    @discardableResult
    public func write(_ name: String, _ data: Data) throws -> String {
        try data.write(to: url.appendingPathComponent(name))
        return path(name)
    }

    /// Names of all files.
    public var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}
