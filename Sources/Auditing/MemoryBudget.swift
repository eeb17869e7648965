import Foundation

/// How many bytes several threads may hold at once. Who asks first is served first, so that a large share is not kept
/// waiting by small ones for ever; a share larger than the whole budget is held by one alone.
package final class MemoryBudget: @unchecked Sendable {
    /// In bytes.
    package let limit: Int
    private let condition = NSCondition()
    private var held = 0
    private var nextTicket = 0
    private var served = 0

    /// A budget of `limit` bytes, at least one.
    package init(limit: Int) {
        precondition(limit > 0, "a budget of \(limit) bytes")
        self.limit = limit
    }

    /// Waits until `bytes` more can be held, and gives them back when `body` has ended. `body` must not ask again.
    package func holding<Result>(_ bytes: Int, _ body: () throws -> Result) rethrows -> Result {
        precondition(bytes >= 0, "a share of \(bytes) bytes")
        take(bytes)
        defer { giveBack(bytes) }
        return try body()
    }

    /// Whether at least so many wait for their share.
    package func isAwaited(by count: Int) -> Bool {
        condition.withLock { nextTicket - served >= count }
    }

    private func take(_ bytes: Int) {
        condition.lock()
        defer { condition.unlock() }
        let ticket = nextTicket
        nextTicket += 1
        while served != ticket || (held > 0 && bytes > limit - held) { condition.wait() }
        served += 1
        held += bytes
        condition.broadcast()
    }

    private func giveBack(_ bytes: Int) {
        condition.lock()
        held -= bytes
        condition.broadcast()
        condition.unlock()
    }
}
