import Foundation
import RandomNumbers

/// Which pairs of image and key matched at one nominal rate.
struct Rates {
    let level: Double
    let images: Int
    let keys: Int
    private let hits: [(image: Int, key: Int)]

    /// - Parameter logP: ln p by image and key.
    init(_ logP: [[Double]], level: Double) {
        self.level = level
        images = logP.count
        keys = logP.first?.count ?? 0
        var hits: [(image: Int, key: Int)] = []
        for (image, row) in logP.enumerated() {
            for (key, value) in row.enumerated() where value < log(level) { hits.append((image, key)) }
        }
        self.hits = hits
    }

    /// Matches.
    var count: Int { hits.count }

    /// Matches per pair.
    var observed: Double { Double(hits.count) / Double(images * keys) }

    /// A 95 % interval for pairs that share images and keys: images and keys are both drawn anew (the pigeonhole
    /// bootstrap, Owen 2007), 1,000 times.
    func interval() -> ClosedRange<Double> {
        var generator = SeededGenerator(seed: 95)
        let rates = (0..<1000).map { _ -> Double in
            let imageWeights = Self.draws(images, &generator)
            let keyWeights = Self.draws(keys, &generator)
            let sum = hits.reduce(0) { $0 + imageWeights[$1.image] * keyWeights[$1.key] }
            return Double(sum) / Double(images * keys)
        }.sorted()
        return rates[25]...rates[974]
    }

    private static func draws(_ count: Int, _ generator: inout SeededGenerator) -> [Int] {
        var weights = [Int](repeating: 0, count: count)
        for _ in 0..<count { weights[Int(generator.next() % UInt64(count))] += 1 }
        return weights
    }

    /// The rate of each single key over the images, ascending.
    var ofSingleKeys: [Double] {
        var counts = [Int](repeating: 0, count: keys)
        for hit in hits { counts[hit.key] += 1 }
        return counts.map { Double($0) / Double(images) }.sorted()
    }

    /// Standard deviation of the single keys' rates, what it would be by counting alone, and the excess of the first
    /// over the second, which is what keys differ by.
    var spread: (observed: Double, counting: Double, excess: Double) {
        let rates = ofSingleKeys
        let mean = rates.reduce(0, +) / Double(keys)
        let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(keys - 1)
        let counting = level * (1 - level) / Double(images)
        return (variance.squareRoot(), counting.squareRoot(), max(0, variance - counting).squareRoot())
    }

    /// The count of images of which a binomial of this level has the quantile.
    func binomialQuantile(_ probability: Double) -> Double {
        var term = exp(Double(images) * log1p(-level))
        var sum = term
        var count = 0
        while sum < probability, count < images {
            term *= Double(images - count) / Double(count + 1) * level / (1 - level)
            count += 1
            sum += term
        }
        return Double(count) / Double(images)
    }
}
