import RingKeys
import Synchronization

/// The decoys of a verifier, drawn when the first image needs them; one set for each length of statistic.
final class DecoyStore: Sendable {
    private let count: Int
    private let drawn = Mutex<[Int: DecoyKeys]>([:])

    init(count: Int) {
        self.count = count
    }

    /// Decoys for statistics of `dimension` numbers.
    func decoys(dimension: Int) -> DecoyKeys {
        drawn.withLock { drawn in
            if let known = drawn[dimension] { return known }
            let decoys = DecoyKeys(dimension: dimension, count: count)
            drawn[dimension] = decoys
            return decoys
        }
    }
}
