import Dispatch
import Synchronization

/// A value that is computed on another thread and waited for when it is needed.
final class Deferred<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let group = DispatchGroup()

    init(_ compute: @escaping @Sendable () throws -> Value) {
        group.enter()
        DispatchQueue.global().async {
            let computed = Result(catching: compute)
            self.result.withLock { $0 = computed }
            self.group.leave()
        }
    }

    func value() throws -> Value {
        group.wait()
        guard let result = result.withLock({ $0 }) else {
            preconditionFailure("a group that was left without a result")
        }
        return try result.get()
    }
}
