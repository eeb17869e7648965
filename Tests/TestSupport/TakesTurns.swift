import Foundation
import Testing

/// For tests that wait for other processes: as many test cases run at a time as there are processor cores, and the others
/// wait without a thread.
///
/// Swift Testing starts every test at once and counts the time from there, so what it reports includes the wait for a turn.
/// With `RINGKEY_TEST_TIMES=FILE` each case adds a line to the file: its own seconds, a tab, and its name.
package struct TakesTurns: SuiteTrait, TestTrait, TestScoping {
    /// Every test of the suite takes its own turn.
    package var isRecursive: Bool { true }

    /// Waits for a turn, runs the case, and passes the turn on.
    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await Turns.shared.take()
        let start = ContinuousClock.now
        let result: Result<Void, any Error>
        do { result = .success(try await function()) } catch { result = .failure(error) }
        await Turns.shared.pass()
        CaseTimes.note(test, ContinuousClock.now - start)
        try result.get()
    }
}

extension Trait where Self == TakesTurns {
    /// As many test cases at a time as there are processor cores.
    package static var takesTurns: Self { Self() }
}

/// Turns are given in the order in which they were asked for.
private actor Turns {
    static let shared = Turns(count: max(2, ProcessInfo.processInfo.activeProcessorCount))

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { free = count }

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func pass() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// The file of `RINGKEY_TEST_TIMES`, opened once.
private enum CaseTimes {
    private static let descriptor: Int32? = ProcessInfo.processInfo.environment["RINGKEY_TEST_TIMES"].map {
        open($0, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    }

    static func note(_ test: Test, _ duration: Duration) {
        guard let descriptor else { return }
        let seconds = String(format: "%7.2f", duration / .seconds(1))
        // One write a line: lines of cases that end together stay whole.
        let line = "\(seconds)\t\(test.sourceLocation.fileID) \(test.name)\n"
        let count = line.utf8.count
        let written = line.withCString { write(descriptor, $0, count) }
        if written != count { Issue.record("RINGKEY_TEST_TIMES: \(String(cString: strerror(errno)))") }
    }
}
