import Foundation
import Testing

/// The real binary, run as a user would run it.
package enum Tool {
    /// What a run left behind.
    package struct Output: Sendable {
        /// The exit code; 128 and the signal's number after a signal.
        package let status: Int32
        /// All that was printed as results.
        package let stdout: String
        /// All that was printed beside.
        package let stderr: String
        /// The lines of stdout that are JSON objects.
        package var json: [[String: Any]] {
            stdout.split(whereSeparator: \.isNewline).compactMap {
                (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
            }
        }
        /// The lines of stderr.
        package var errorLines: [String] { stderr.split(whereSeparator: \.isNewline).map(String.init) }
    }

    /// Beside the test bundle, in the folder of the same build.
    package static let url: URL = {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = bundle.appendingPathComponent("ringkey")
        return FileManager.default.isExecutableFile(atPath: beside.path)
            ? beside : Fixtures.repository.appendingPathComponent(".build/release/ringkey")
    }()

    /// Runs `ringkey` in the repository's root, on a thread that is not the pool's. After the timeout it is killed.
    /// - Parameter timeout: in seconds.
    package static func run(
        _ arguments: [String], environment: [String: String] = [:], folder: URL = Fixtures.repository,
        timeout: Double = 120
    ) async throws -> Output {
        try await run(
            command: [url.path] + arguments, environment: environment, folder: folder, timeout: timeout)
    }

    /// Runs any command as `run(_:)` does, found as `env` finds it.
    package static func run(
        command: [String], environment: [String: String] = [:], folder: URL = Fixtures.repository,
        timeout: Double = 120
    ) async throws -> Output {
        let (output, timedOut) = try await OwnThread.run {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["--"] + command
            process.currentDirectoryURL = folder
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            process.standardInput = FileHandle.nullDevice
            return try finish(process, timeout: timeout)
        }
        if timedOut { Issue.record("\(command.joined(separator: " ")) ran longer than \(timeout) s") }
        return output
    }

    /// Blocks until the process has ended. Both pipes are drained while it runs.
    private static func finish(_ process: Process, timeout: Double) throws -> (output: Output, timedOut: Bool) {
        let (stdout, stderr) = (Drain(), Drain())
        process.standardOutput = stdout.pipe
        process.standardError = stderr.pipe
        try process.run()
        for drain in [stdout, stderr] { drain.begin() }
        let deadline = DispatchTime.now() + timeout
        let timedOut = !(stdout.isEnded(by: deadline) && stderr.isEnded(by: deadline))
        if timedOut { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return (Output(status: process.exitCode, stdout: stdout.text, stderr: stderr.text), timedOut)
    }
}

extension Process {
    /// The exit code of a process that has ended; 128 and the signal's number after a signal, as in shells.
    package var exitCode: Int32 { terminationStatus + (terminationReason == .uncaughtSignal ? 128 : 0) }
}
