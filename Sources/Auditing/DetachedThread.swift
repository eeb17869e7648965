import Foundation
import InputErrors

/// Threads that start or say that they do not: Foundation's `Thread` says nothing where the system has none left, and
/// whoever waits for its work waits for ever.
package enum DetachedThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a thread of its own.
    /// - Parameter name: at most 15 bytes, as the system shows it.
    /// - Throws: `InputError` where the system has no thread, or no memory for its stack.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws {
        let work = Unmanaged.passRetained(
            Work {
                Thread.current.name = name
                body()
            })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { work in
                if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw InputError(
                "threads", expected: "a further thread", found: String(cString: strerror(code)).lowercased(),
                as: .noThread)
        }
        pthread_detach(thread)
    }
}
