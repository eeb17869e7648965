import Foundation
import Synchronization
import TestSupport
import Testing

/// The real binary while it runs: fed by hand, watched, killed. What waits for it does so on a thread of its own.
final class RunningTool: Sendable {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Drain()
    private let received = Mutex<[UInt8]>([])
    private let timedOut = Mutex(false)

    /// Starts the tool in the repository's root.
    /// - Parameters:
    ///   - prefix: a command that runs the tool, such as `setpriv`.
    ///   - timeout: seconds after which it is killed, whatever it does.
    init(_ arguments: [String], prefix: [String] = [], timeout: Double = 120) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["--"] + prefix + [Tool.url.path] + arguments
        process.currentDirectoryURL = Fixtures.repository
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors.pipe
        try process.run()
        errors.begin()
        DispatchQueue.global().asyncAfter(deadline: .now() + timeout) { [weak self] in self?.giveUp() }
    }

    deinit { if process.isRunning { signal(SIGKILL) } }

    private func giveUp() {
        guard process.isRunning else { return }
        timedOut.withLock { $0 = true }
        signal(SIGKILL)
    }

    /// Writes a line to standard input.
    func send(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

    /// Ends standard input.
    func endInput() throws { try input.fileHandleForWriting.close() }

    /// The next line of standard output; nil at its end.
    func line() async throws -> String? {
        try await OwnThread.run { [self] in
            while true {
                if let line = takeLine() { return line }
                let chunk = output.fileHandleForReading.availableData
                if chunk.isEmpty { return nil }
                received.withLock { $0 += chunk }
            }
        }
    }

    private func takeLine() -> String? {
        received.withLock { received in
            guard let end = received.firstIndex(of: 0x0A) else { return nil }
            defer { received.removeFirst(end + 1) }
            return String(decoding: received[..<end], as: UTF8.self)
        }
    }

    /// The number of its process.
    var identifier: Int32 { process.processIdentifier }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Sends a signal a while after the file has got its size, or the tool has ended.
    /// - Parameter pause: in microseconds.
    func signal(_ number: Int32, onceFile path: String, has size: Int, pause: UInt32 = 0) async throws {
        try await OwnThread.run { [self] in
            while process.isRunning, Self.size(path) < size { usleep(500) }
            usleep(pause)
            signal(number)
        }
    }

    private static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Waits for the end and returns the largest resident set on the way, in bytes.
    func peakMemory() async throws -> Int {
        try await OwnThread.run { [self] in
            var peak = 0
            while process.isRunning {
                peak = max(peak, residentPeak ?? 0)
                usleep(5000)
            }
            return peak
        }
    }

    /// nil once the process is gone.
    private var residentPeak: Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        else { return nil }
        return status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            .flatMap { Int($0.split(whereSeparator: { " \t".contains($0) })[1]) }.map { $0 * 1024 }
    }

    /// Waits for the end.
    /// - Returns: the exit code (128 and the signal's number after a signal) and standard error.
    func finish() async throws -> (status: Int32, stderr: String) {
        let end = try await OwnThread.run { [self] in
            process.waitUntilExit()
            return (status: process.exitCode, stderr: errors.text)
        }
        if timedOut.withLock({ $0 }) { Issue.record("the tool ran too long and was killed") }
        return end
    }
}
