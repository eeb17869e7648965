import Dispatch
import Synchronization

/// A value computed on another thread; whoever needs it waits for it.
public final class Deferred<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let group = DispatchGroup()

    /// Starts computing.
    public init(_ compute: @escaping @Sendable () throws -> Value) {
        group.enter()
        DispatchQueue.global().async {
            let computed = Result(catching: compute)
            self.result.withLock { $0 = computed }
            self.group.leave()
        }
    }

    /// The value, once it is computed.
    /// - Throws: what computing it threw.
    public func value() throws -> Value {
        group.wait()
        guard let result = result.withLock({ $0 }) else {
            preconditionFailure("a group that was left without a result")
        }
        return try result.get()
    }
}
