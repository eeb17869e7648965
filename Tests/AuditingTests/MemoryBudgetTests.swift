import Auditing
import Foundation
import Synchronization
import Testing

/// How many bytes may be held at once.
struct MemoryBudgetTests {
    /// Runs shares on threads of their own.
    /// - Returns: the most that was held at once.
    private func most(_ shares: [Int], of limit: Int) -> Int {
        let budget = MemoryBudget(limit: limit)
        let state = Mutex((held: 0, most: 0, done: 0))
        let group = DispatchGroup()
        for share in shares {
            group.enter()
            Thread.detachNewThread {
                budget.holding(share) {
                    state.withLock { $0 = ($0.held + share, max($0.most, $0.held + share), $0.done) }
                    usleep(1000)
                    state.withLock { $0 = ($0.held - share, $0.most, $0.done + 1) }
                }
                group.leave()
            }
        }
        group.wait()
        #expect(state.withLock(\.done) == shares.count)
        return state.withLock(\.most)
    }

    @Test func sharesFitTheBudget() {
        let shares = (0..<60).map { $0 * 7 % 50 }
        #expect((50...100).contains(most(shares, of: 100)))
    }

    /// One that is larger than all there is waits for the others, and they for it.
    @Test func aShareBeyondTheBudgetIsAlone() {
        #expect(most([250, 10, 10, 250, 10, 10], of: 100) == 250)
        #expect(most([Int.max / 2, Int.max / 2], of: 1) == Int.max / 2)
    }

    @Test func nothingIsHeldAfterAnError() {
        struct Failure: Error {}
        let budget = MemoryBudget(limit: 10)
        for _ in 0..<3 { #expect(throws: Failure.self) { try budget.holding(10) { throw Failure() } } }
        #expect(budget.holding(10) { 1 } == 1)
    }

    /// Who asks first is first: small shares do not pass a large one that waits.
    @Test func smallSharesDoNotPassALargeOne() {
        let budget = MemoryBudget(limit: 10)
        let order = Mutex<[Int]>([])
        let group = DispatchGroup()
        budget.holding(6) {
            for share in [8, 3] {
                group.enter()
                Thread.detachNewThread {
                    budget.holding(share) { order.withLock { $0.append(share) } }
                    group.leave()
                }
                while !budget.isAwaited(by: share == 8 ? 1 : 2) { usleep(100) }
            }
            #expect(order.withLock(\.self) == [])
        }
        group.wait()
        #expect(order.withLock(\.self) == [8, 3])
    }
}
