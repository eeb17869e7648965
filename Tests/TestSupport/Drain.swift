import Foundation
import Synchronization

/// A pipe that a thread of its own reads to the end, so that the process never waits for a reader.
public final class Drain: Sendable {
    /// For the process to write to.
    public let pipe = Pipe()
    private let content = Mutex(Data())
    private let group = DispatchGroup()

    /// A pipe that nobody reads yet.
    public init() {}

    /// Reads from now on; the process has to run by then.
    public func begin() {
        group.enter()
        Thread.detachNewThread { [self] in
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            content.withLock { $0 = data }
            group.leave()
        }
    }

    /// Whether all writers have closed the pipe by then; blocks until they have.
    public func isEnded(by deadline: DispatchTime) -> Bool { group.wait(timeout: deadline) == .success }

    /// All that was written; blocks until the end.
    public var text: String {
        group.wait()
        return content.withLock { String(decoding: $0, as: UTF8.self) }
    }
}
