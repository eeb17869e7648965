import Foundation

/// Belief propagation on parity checks (sum-product, flooding): what the checks say of each element beside what was measured.
struct BeliefPropagation {
    private let checks: [Int32]
    private let weight: Int
    /// Of what was measured, positive for 0.
    private let channel: [Double]
    /// What each check says to each of its elements.
    private var messages: [Double]
    /// Natural logarithm of the odds of each element.
    private(set) var odds: [Double]

    /// - Parameters:
    ///   - checks: elements of the checks, check after check.
    ///   - weight: elements of a check.
    ///   - channel: logarithm of the odds for 0 of each element, measured by itself.
    init(checks: [Int32], weight: Int, channel: [Double]) {
        self.checks = checks
        self.weight = weight
        self.channel = channel
        messages = [Double](repeating: 0, count: checks.count)
        odds = channel
    }

    /// No message says more than this: the product of tangents stays below 1.
    private static let most = 30.0

    /// Passes messages both ways, some times.
    mutating func iterate(_ times: Int) {
        for _ in 0..<times { pass() }
    }

    private mutating func pass() {
        var sums = channel
        let weight = weight
        checks.withUnsafeBufferPointer { checks in
            messages.withUnsafeMutableBufferPointer { messages in
                odds.withUnsafeBufferPointer { odds in
                    sums.withUnsafeMutableBufferPointer { sums in
                        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * weight) { room in
                            for start in stride(from: 0, to: checks.count, by: weight) {
                                // room: tangents, and the products of those from each place on.
                                var behind = 1.0
                                for place in (0..<weight).reversed() {
                                    let input = odds[Int(checks[start + place])] - messages[start + place]
                                    room[place] = tanh(max(-Self.most, min(Self.most, input)) / 2)
                                    room[weight + place] = behind
                                    behind *= room[place]
                                }
                                var before = 1.0
                                for place in 0..<weight {
                                    let product = before * room[weight + place]
                                    before *= room[place]
                                    let message = log((1 + product) / (1 - product))
                                    messages[start + place] = max(-Self.most, min(Self.most, message))
                                    sums[Int(checks[start + place])] += messages[start + place]
                                }
                            }
                        }
                    }
                }
            }
        }
        odds = sums
    }
}
