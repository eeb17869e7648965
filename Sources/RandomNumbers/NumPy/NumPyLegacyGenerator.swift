#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// NumPy's legacy generator, `numpy.random.RandomState(seed)` or `numpy.random.seed(seed)`, whose numbers NumPy promises never
/// to change (NEP 19).
public struct NumPyLegacyGenerator: Sendable {
    private var generator: MersenneTwister
    private var cached: Double?

    /// The generator of a seed.
    public init(seed: UInt32) { generator = MersenneTwister(seed: seed) }

    /// `random_sample()`: uniform in [0, 1), 53 bits.
    public mutating func uniform() -> Double {
        let high: UInt32 = generator.next()
        let low: UInt32 = generator.next()
        return (Double(high >> 5) * 0x1p26 + Double(low >> 6)) * 0x1p-53
    }

    /// `randn(count)`: Marsaglia's polar method, two at a time.
    public mutating func normals(_ count: Int) -> [Double] { (0..<count).map { _ in normal() } }

    private mutating func normal() -> Double {
        if let number = cached {
            cached = nil
            return number
        }
        while true {
            let (x, y) = (2 * uniform() - 1, 2 * uniform() - 1)
            let square = x * x + y * y
            guard square < 1, square != 0 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            cached = factor * x
            return factor * y
        }
    }

    /// `permutation(count)`: 0 ..< count in a random order.
    public mutating func permutation(_ count: Int) -> [Int] {
        var order: [Int] = []
        return choice(count, of: count, order: &order)
    }

    /// `choice(count, chosen, replace=False)`: the beginning of a permutation (Fisher and Yates from the end).
    /// - Parameters:
    ///   - chosen: how many, at most `count`.
    ///   - count: of what is chosen from.
    ///   - order: room that is used again from call to call; its content does not matter.
    public mutating func choice(_ chosen: Int, of count: Int, order: inout [Int]) -> [Int] {
        precondition(chosen >= 0 && chosen <= count && count <= 1 << 32, "a choice of \(chosen) from \(count)")
        if order.count != count { order = Array(0..<count) }
        return order.withUnsafeMutableBufferPointer { order in
            for index in 0..<count { order[index] = index }
            for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, integer(upTo: last)) }
            return Array(order.prefix(chosen))
        }
    }

    /// The same where few are chosen: the swaps are drawn as before, and then followed back from the few places that matter.
    /// - Parameters:
    ///   - chosen: how many, at most `count`.
    ///   - count: of what is chosen from.
    public mutating func choice(_ chosen: Int, of count: Int) -> [Int] {
        precondition(chosen >= 0 && chosen <= count && count <= 1 << 32, "a choice of \(chosen) from \(count)")
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: max(1, count)) { partners in
            var own = self
            for last in stride(from: count - 1, to: 0, by: -1) { partners[last] = UInt32(own.integer(upTo: last)) }
            self = own
            return (0..<chosen).map { place in
                var place = place
                for last in 1..<max(1, count) {
                    if place == last {
                        place = Int(partners[last])
                    } else if place == Int(partners[last]) {
                        place = last
                    }
                }
                return place
            }
        }
    }

    /// `binomial(1, probability, count)`: one draw with a chance each, by inversion.
    /// - Parameters:
    ///   - count: how many draws.
    ///   - probability: of a 1, from 0 to ½.
    public mutating func bernoulli(_ count: Int, probability: Double) -> [Bool] {
        precondition((0...0.5).contains(probability), "a probability of \(probability)")
        let none = exp(log(1 - probability))
        return (0..<count).map { _ in probability > 0 && uniform() > none }
    }

    /// Uniform from 0 to a limit, both included, by masked rejection.
    private mutating func integer(upTo limit: Int) -> Int {
        if limit == 0 { return 0 }
        let mask = UInt32.max >> UInt32(UInt32(limit).leadingZeroBitCount)
        while true {
            let word: UInt32 = generator.next()
            let value = Int(word & mask)
            if value <= limit { return value }
        }
    }
}
