import Foundation
import Synchronization
import TestSupport
import Testing

/// The real binary while it runs: fed by hand, watched, killed.
final class RunningTool {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Pipe()
    private let errorText = Collected()
    private let group = DispatchGroup()
    private var received: [UInt8] = []

    /// Starts the tool in the repository's root.
    /// - Parameter prefix: a command that runs the tool, such as `setpriv`.
    init(_ arguments: [String], prefix: [String] = []) throws {
        let command = prefix + [Tool.url.path] + arguments
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["--"] + command
        process.currentDirectoryURL = Fixtures.repository
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        DispatchQueue.global().async(group: group) { [errors, errorText] in
            let data = errors.fileHandleForReading.readDataToEndOfFile()
            errorText.data.withLock { $0 = data }
        }
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// The process.
    var id: Int32 { process.processIdentifier }

    var isRunning: Bool { process.isRunning }

    /// Writes a line to standard input.
    func send(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

    /// Ends standard input.
    func endInput() throws { try input.fileHandleForWriting.close() }

    /// The next line of standard output; nil at its end or after the timeout.
    func line(timeout: Double = 30) throws -> String? {
        let descriptor = output.fileHandleForReading.fileDescriptor
        while true {
            if let end = received.firstIndex(of: 0x0A) {
                defer { received.removeFirst(end + 1) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, Int32(timeout * 1000)) == 1 else { return nil }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return nil }
            received += chunk.prefix(count)
        }
    }

    func signal(_ number: Int32) { kill(id, number) }

    /// The largest resident set so far, in bytes.
    var peakMemory: Int? {
        let status = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
        return status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            .flatMap { Int($0.split(whereSeparator: { " \t".contains($0) })[1]) }.map { $0 * 1024 }
    }

    /// Waits for the end.
    /// - Returns: the exit code (128 and the signal's number after a signal) and standard error.
    func finish() -> (status: Int32, stderr: String) {
        process.waitUntilExit()
        group.wait()
        let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
        return (
            process.terminationStatus + signal, errorText.data.withLock { String(decoding: $0, as: UTF8.self) }
        )
    }
}

/// Bytes that another thread hands over.
private final class Collected: Sendable {
    let data = Mutex(Data())
}
