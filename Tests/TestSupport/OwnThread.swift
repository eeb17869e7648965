import Foundation

/// Work that blocks, on a thread of its own. The test's task waits, and the threads of the pool go on with other tests.
package enum OwnThread {
    /// What `work` returns.
    /// - Throws: what `work` throws.
    package static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
        }
    }
}
