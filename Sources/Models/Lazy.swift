import Synchronization

/// A value made at its first use; threads that come meanwhile wait for it. A failure is not kept: the next use tries
/// again.
package final class Lazy<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let make: @Sendable () throws -> Value

    package init(_ make: @escaping @Sendable () throws -> Value) { self.make = make }

    package func callAsFunction() throws -> Value {
        try value.withLock { value in
            if let value { return value }
            let made = try make()
            value = made
            return made
        }
    }
}
