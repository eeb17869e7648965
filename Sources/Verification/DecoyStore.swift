import Marks
import Synchronization

/// The decoys of a verifier, one set for each length of statistic. They are kept in memory from the second batch on: a
/// single image needs them once.
final class DecoyStore: Sendable {
    private let count: Int
    private let drawn = Mutex<[Int: DecoyKeys?]>([:])

    init(count: Int) {
        self.count = count
    }

    /// Decoys for statistics of `dimension` numbers.
    func decoys(dimension: Int) -> DecoyKeys {
        drawn.withLock { drawn in
            switch drawn[dimension] {
            case .some(.some(let kept)):
                return kept
            case .some(.none):
                let kept = DecoyKeys(dimension: dimension, count: count)
                drawn[dimension] = kept
                return kept
            case .none:
                drawn[dimension] = .some(.none)
                return DecoyKeys(dimension: dimension, count: count, memory: 0)
            }
        }
    }
}
