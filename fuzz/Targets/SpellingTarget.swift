import Attacks
import Attempts
import Auditing
import NoiseSchedules

extension FuzzTarget {
    /// What is written behind flags; the first byte chooses the reader.
    static let spellings = FuzzTarget("spellings") { bytes in
        guard let kind = bytes.first else { return }
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        switch kind % 4 {
        case 0:
            for route in try Route.list(parsing: text) {
                let again = try Route(parsing: route.description)
                precondition(again == route, "\(again) of \(route)")
            }
        case 1: _ = try Solver(parsing: text)
        case 2: _ = try Attack.list(parsing: text)
        default:
            if let shard = Shard(text) { _ = shard.contains(bytes) }
        }
    }
}
