import CKeyScan
import Dispatch
import Foundation
import Marks
import Synchronization

/// The pass over all keys of a ring for some readings.
///
/// With â and κ̂ a reading and a key as whole numbers times their scales, |⟨a,κ⟩ - ⟨â,κ̂⟩| ≤ ‖a-â‖‖κ̂‖ + ‖a‖‖κ-κ̂‖
/// (Cauchy and Schwarz). With ε = ‖a-â‖/‖a‖ and δ = ‖κ-κ̂‖/‖κ‖ the cosine lies within ε(1 + δ) + δ of the coarse one. Of every
/// key whose upper bound reaches the n-th best lower bound ⟨a,κ̂⟩ is taken, which is within δ; and of those whose bound still
/// reaches it the full numbers: the n best by these are the n best of all.
package struct KeyScan {
    /// Readings for which one pass over the matrix is made.
    package static let mostReadings = 32
    /// Rows that stay in the cache while all readings are held against them.
    private static let block = 256
    /// What single precision may add to a coarse cosine.
    private static let rounding: Float = 2e-6

    private let matrix: KeyMatrix
    private let kernel: CKeyScanKernel
    private let threads: Int

    /// - Parameters:
    ///   - matrix: of the ring's keys.
    ///   - kernel: one that this processor has.
    ///   - threads: at least 1.
    package init(
        _ matrix: KeyMatrix, kernel: CKeyScanKernel = ckeyscan_best(),
        threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
        self.matrix = matrix
        self.kernel = kernel
        self.threads = threads
    }

    /// A key that may be among the best.
    package struct Candidate {
        /// Its row.
        package let place: Int
        /// What its cosine is at least.
        package let lower: Float
        /// What its cosine is at most.
        package let upper: Float
    }

    /// The best keys of each reading, the best first.
    /// - Parameters:
    ///   - wanted: how many at most.
    ///   - readings: of the matrix's dimension; those that are all zeros have no best key.
    ///   - twoSided: whether the magnitude of the cosine counts.
    ///   - numbers: the full numbers of a key.
    package func best(
        _ wanted: Int, of readings: [[Double]], twoSided: Bool, numbers: @Sendable (Int) -> [Double]
    ) -> [[Int]] {
        stride(from: 0, to: readings.count, by: Self.mostReadings).flatMap { first in
            let part = Array(readings[first..<min(first + Self.mostReadings, readings.count)])
            let coarse = candidates(wanted, of: part, twoSided: twoSided)
            let ranked = Mutex(part.map { _ in [Int]() })
            DispatchQueue.concurrentPerform(iterations: part.count) { index in
                let best = refined(wanted, coarse[index], part[index], twoSided: twoSided).map { candidate in
                    let own = cosine(part[index], numbers(candidate.place))
                    return (place: candidate.place, cosine: twoSided ? abs(own) : own)
                }.sorted { ($1.cosine, $0.place) < ($0.cosine, $1.place) }
                ranked.withLock { $0[index] = best.prefix(wanted).map(\.place) }
            }
            return ranked.withLock { $0 }
        }
    }

    /// Those of a reading's candidates that may still be among its best where the reading has its full numbers.
    package func refined(
        _ wanted: Int, _ candidates: [Candidate], _ reading: [Double], twoSided: Bool
    ) -> [Candidate] {
        let (rows, scales, errors) = (matrix.rows, matrix.scales, matrix.errors)
        let norm = reading.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let own = reading.map { Float($0 / norm) }
        var list = Shortlist(wanted)
        for candidate in candidates {
            let start = candidate.place * matrix.stride
            var product = 0.0
            // Sums of single precision stay short.
            for first in stride(from: 0, to: own.count, by: 64) {
                var sum: Float = 0
                for index in first..<min(first + 64, own.count) { sum += own[index] * Float(rows[start + index]) }
                product += Double(sum)
            }
            let cosine = Float(product) * scales[candidate.place]
            let margin = errors[candidate.place] + Self.rounding
            let agreement = twoSided ? abs(cosine) : cosine
            list.add(Candidate(place: candidate.place, lower: agreement - margin, upper: agreement + margin))
        }
        return list.kept()
    }

    /// For each reading all keys that may be among its best.
    package func candidates(_ wanted: Int, of readings: [[Double]], twoSided: Bool) -> [[Candidate]] {
        precondition(wanted > 0 && readings.count <= Self.mostReadings, "\(wanted) of \(readings.count) readings")
        let (quantized, vectors) = quantized(readings)
        let blocks = (matrix.count + Self.block - 1) / Self.block
        let parts = max(1, min(4 * threads, blocks))
        let merged = Mutex(readings.map { _ in Shortlist(wanted) })
        let vectorCount = vectors.count / matrix.stride
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            var lists = readings.map { _ in Shortlist(wanted) }
            var products = [Int32](repeating: 0, count: Self.block * vectorCount)
            for block in part * blocks / parts..<(part + 1) * blocks / parts {
                let rows = block * Self.block..<min((block + 1) * Self.block, matrix.count)
                scan(rows, vectors, vectorCount, &products)
                var first = 0
                for (index, reading) in quantized.enumerated() {
                    take(rows, products, first, reading, twoSided, &lists[index])
                    first += reading.scales.count * rows.count
                }
            }
            merged.withLock { merged in for index in lists.indices { merged[index].add(lists[index]) } }
        }
        return merged.withLock { $0.map { $0.kept() } }
    }

    private func quantized(_ readings: [[Double]]) -> ([QuantizedReading], [Int8]) {
        var vectors: [Int8] = []
        let quantized = readings.map { reading in
            precondition(
                reading.count == matrix.dimension, "\(reading.count) numbers for keys of \(matrix.dimension)")
            return QuantizedReading(reading, stride: matrix.stride, addingTo: &vectors)
        }
        return (quantized, vectors)
    }

    private func scan(_ rows: Range<Int>, _ vectors: [Int8], _ count: Int, _ products: inout [Int32]) {
        guard let start = matrix.rows.baseAddress else { return }
        vectors.withUnsafeBufferPointer { vectors in
            products.withUnsafeMutableBufferPointer { products in
                guard let vectors = vectors.baseAddress, let products = products.baseAddress else { return }
                ckeyscan_products(
                    kernel, start + rows.lowerBound * matrix.stride, rows.count, vectors, count, matrix.stride, products
                )
            }
        }
    }

    /// Holds the products of a block against what is known of a reading.
    private func take(
        _ rows: Range<Int>, _ products: [Int32], _ first: Int, _ reading: QuantizedReading, _ twoSided: Bool,
        _ list: inout Shortlist
    ) {
        let (scales, errors) = (matrix.scales, matrix.errors)
        products.withUnsafeBufferPointer { products in
            for index in 0..<rows.count {
                let row = rows.lowerBound + index
                var sum = Float(products[first + index]) * reading.scales[0]
                if reading.scales.count > 1 {
                    sum += Float(products[first + rows.count + index]) * reading.scales[1]
                }
                let cosine = twoSided ? abs(sum * scales[row]) : sum * scales[row]
                let margin = reading.error * (1 + errors[row]) + errors[row] + Self.rounding
                if cosine + margin >= list.floor {
                    list.add(Candidate(place: row, lower: cosine - margin, upper: cosine + margin))
                }
            }
        }
    }
}

/// The keys that may be among the best of one reading.
struct Shortlist {
    /// How many are wanted.
    private let wanted: Int
    /// The best lower bounds, the highest first.
    private var lowest: [Float] = []
    private var candidates: [KeyScan.Candidate] = []
    /// Below it nothing can be among the best.
    private(set) var floor = -Float.infinity

    init(_ wanted: Int) { self.wanted = wanted }

    mutating func add(_ candidate: KeyScan.Candidate) {
        candidates.append(candidate)
        guard lowest.count < wanted || candidate.lower > floor else { return }
        lowest.insert(candidate.lower, at: lowest.firstIndex { $0 < candidate.lower } ?? lowest.count)
        if lowest.count > wanted { lowest.removeLast() }
        if lowest.count == wanted { floor = lowest[wanted - 1] }
        if candidates.count > 4096 { candidates = kept() }
    }

    mutating func add(_ other: Shortlist) {
        for candidate in other.candidates where candidate.upper >= floor { add(candidate) }
    }

    /// Those that may still be among the best.
    func kept() -> [KeyScan.Candidate] { candidates.filter { $0.upper >= floor } }
}
