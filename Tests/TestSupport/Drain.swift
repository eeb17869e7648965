import Foundation
import Synchronization

/// A pipe that a thread of its own reads to the end, so that the process never waits for a reader.
package final class Drain: Sendable {
    /// For the process to write to.
    package let pipe = Pipe()
    private let content = Mutex(Data())
    private let group = DispatchGroup()

    /// A pipe that nobody reads yet.
    package init() {}

    /// Reads from now on; the process has to run by then.
    package func begin() {
        group.enter()
        Thread.detachNewThread { [self] in
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            content.withLock { $0 = data }
            group.leave()
        }
    }

    /// Whether all writers have closed the pipe by then; blocks until they have.
    package func isEnded(by deadline: DispatchTime) -> Bool { group.wait(timeout: deadline) == .success }

    /// All that was written; blocks until the end.
    package var text: String {
        group.wait()
        return content.withLock { String(decoding: $0, as: UTF8.self) }
    }
}
