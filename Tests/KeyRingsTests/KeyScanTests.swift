import CKeyScan
import Foundation
import KeyRings
import Marks
import RandomNumbers
import Testing

/// The pass in whole numbers never misses a key that could decide.
@Suite struct KeyScanTests {
    private static let ring = Result { try Rings.ring(5, labels: 3000) }
    private static let matrix = Result { try KeyMatrix(ring.get()) }
    private static let numbers = Result { try (0..<3000).map { place in try ring.get().ownKey(at: place).numbers } }

    private static func normals(_ seed: UInt64, _ count: Int) -> [Double] {
        var stream = NormalStream(seed: seed)
        return stream.next(count)
    }

    /// Readings of every kind: noise, a mark, two keys at once, one that favours what rounding hides, and numbers of many sizes.
    static func readings(_ numbers: [[Double]]) -> [(name: String, reading: [Double])] {
        let count = numbers[0].count
        let noise = normals(1, count)
        func mix(_ parts: [(Double, [Double])]) -> [Double] {
            (0..<count).map { index in parts.reduce(0) { $0 + $1.0 * $1.1[index] } }
        }
        let rounding = zip(numbers[17], numbers[17].map { ($0 / 0.026).rounded() * 0.026 }).map { $0 - $1 }
        var spike = noise
        spike[3] = 1e7
        var cubes = noise.map { $0 * $0 * $0 * 1e-12 }
        cubes[0] = 40e-12
        return [
            ("noise", noise), ("mark", mix([(0.4, numbers[1234]), (1, noise)])), ("key", numbers[2999]),
            ("reversed", numbers[77].map { -$0 }), ("two", mix([(1, numbers[5]), (1, numbers[2500])])),
            ("nearly one", mix([(1, numbers[5]), (0.999, numbers[2500]), (0.01, noise)])),
            ("sum of hundred", mix((0..<100).map { (1, numbers[$0 * 29]) })),
            ("what rounding leaves", rounding), ("one huge number", spike), ("cubes", cubes),
            ("one number", (0..<count).map { $0 == 9 ? -2 : 0 }), ("constant", noise.map { _ in 1e-30 }),
            ("wide", noise.enumerated().map { $1 * exp(Double($0 % 40)) }),
        ]
    }

    @Test(arguments: [false, true]) func theBestAreTheBestOfAll(twoSided: Bool) throws {
        let (matrix, numbers) = (try Self.matrix.get(), try Self.numbers.get())
        let readings = Self.readings(numbers)
        for kernel in [CKEYSCAN_PORTABLE, ckeyscan_best()] {
            let best = KeyScan(matrix, kernel: kernel, threads: 3).best(
                3, of: readings.map(\.reading), twoSided: twoSided
            ) { numbers[$0] }
            for ((name, reading), best) in zip(readings, best) {
                let all = numbers.map { key in twoSided ? abs(cosine(reading, key)) : cosine(reading, key) }
                let ranked = all.indices.sorted { (all[$1], $0) < (all[$0], $1) }
                #expect(best == Array(ranked.prefix(3)), "\(name)")
            }
        }
    }

    /// The bound itself, for every key and not only those near the top.
    @Test func everyCosineLiesWithinItsBounds() throws {
        let (matrix, numbers) = (try Self.matrix.get(), try Self.numbers.get())
        let readings = Self.readings(numbers)
        let all = KeyScan(matrix).candidates(numbers.count, of: readings.map(\.reading), twoSided: false)
        for ((name, reading), candidates) in zip(readings, all) {
            #expect(candidates.count == numbers.count, "\(name)")
            for candidate in candidates {
                let own = Float(cosine(reading, numbers[candidate.place]))
                #expect(candidate.lower <= own && own <= candidate.upper, "\(name), key \(candidate.place)")
            }
            let width = candidates.map { $0.upper - $0.lower }.max() ?? 0
            #expect(width < 0.08, "the bounds of \(name) are \(width) apart")
        }
    }

    /// The second bound, where the reading has its full numbers.
    @Test func everyCosineLiesWithinItsFinerBounds() throws {
        let (matrix, numbers) = (try Self.matrix.get(), try Self.numbers.get())
        let scan = KeyScan(matrix)
        for (name, reading) in Self.readings(numbers) {
            let all = scan.candidates(numbers.count, of: [reading], twoSided: false)[0]
            let refined = scan.refined(numbers.count, all, reading, twoSided: false)
            #expect(refined.count == numbers.count, "\(name)")
            for candidate in refined {
                let own = Float(cosine(reading, numbers[candidate.place]))
                #expect(candidate.lower <= own && own <= candidate.upper, "\(name), key \(candidate.place)")
            }
        }
    }

    /// More readings than one pass takes, and the same whatever the number of threads.
    @Test func manyReadings() throws {
        let (matrix, numbers) = (try Self.matrix.get(), try Self.numbers.get())
        let marked = (0..<70).map { index in
            zip(numbers[index * 40], Self.normals(UInt64(index), matrix.dimension)).map { 0.5 * $0 + $1 }
        }
        for threads in [1, 2, 7] {
            let best = KeyScan(matrix, threads: threads).best(1, of: marked, twoSided: false) { numbers[$0] }
            #expect(best == (0..<70).map { [$0 * 40] })
        }
        #expect(KeyScan(matrix).best(1, of: [], twoSided: false) { numbers[$0] }.isEmpty)
    }

    /// A ring smaller than what is asked for.
    @Test func fewKeys() throws {
        let ring = try Rings.ring(6, labels: 2)
        let reading = ring.ownKey(at: 1).numbers
        let best = KeyScan(try KeyMatrix(ring)).best(3, of: [reading], twoSided: false) { ring.ownKey(at: $0).numbers }
        #expect(best == [[1, 0]])
    }

    /// The matrix is made by another way than a key's numbers are.
    @Test func rowsAreTheKeysNumbers() throws {
        let ring = try Rings.ring(7, labels: 300, lines: [#"{"label":"Ünïcode \" label"}"#])
        let matrix = try KeyMatrix(ring)
        for place in [0, 1, 255, 256, 299, 300] {
            let numbers = ring.ownKey(at: place).numbers
            #expect(ring.ownNumbers(at: place) == numbers)
            let norm = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let scale = Double(matrix.scales[place]) * norm
            for (index, number) in numbers.enumerated() {
                let row = Double(matrix.rows[place * matrix.stride + index])
                #expect(abs(row * scale - number) <= scale * 0.5001)
            }
        }
    }
}
