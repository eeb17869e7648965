import Dispatch
import Synchronization

/// Independent pieces of work on the threads there are.
package enum Concurrently {
    /// Calls `body` for every element and waits for all; throws the error of the first element that failed.
    package static func forEach<Element: Sendable>(
        _ elements: [Element], _ body: @escaping @Sendable (Element) throws -> Void
    ) throws {
        let failures = Mutex<[Int: any Error]>([:])
        DispatchQueue.concurrentPerform(iterations: elements.count) { index in
            do { try body(elements[index]) } catch { failures.withLock { $0[index] = error } }
        }
        let all = failures.withLock { $0 }
        if let first = all.keys.min(), let error = all[first] { throw error }
    }
}
