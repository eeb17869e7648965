import Dispatch
import Foundation
import Synchronization

/// Some rows of a matrix.
struct MatrixRows: Sendable {
    /// Rows that are made at once: some MB.
    private static let chunk = 8192
    /// Rows that one thread makes before it looks for more.
    private static let piece = 256

    /// A row after the other.
    var rows: [Int8]
    /// As `KeyMatrix.scales`.
    var scales: [Float]
    /// As `KeyMatrix.errors`.
    var errors: [Float]

    /// Makes all rows of a ring, on all threads, in chunks.
    /// - Parameters:
    ///   - ring: whose keys.
    ///   - dimension: own numbers of a key.
    ///   - observe: told how many rows are done.
    ///   - body: takes the place of a chunk's first row, and the chunk.
    static func forEachChunk(
        of ring: KeyRing, dimension: Int, observe: (Int) -> Void = { _ in },
        _ body: (Int, MatrixRows) throws -> Void
    ) throws {
        for first in Swift.stride(from: 0, to: ring.count, by: chunk) {
            let range = first..<min(first + chunk, ring.count)
            try body(first, MatrixRows(of: ring, range, dimension: dimension))
            observe(range.upperBound)
        }
    }

    init(of ring: KeyRing, _ range: Range<Int>, dimension: Int) {
        let stride = KeyMatrix.stride(dimension)
        rows = [Int8](repeating: 0, count: range.count * stride)
        scales = [Float](repeating: 0, count: range.count)
        errors = scales
        rows.withUnsafeMutableBufferPointer { rows in
            scales.withUnsafeMutableBufferPointer { scales in
                errors.withUnsafeMutableBufferPointer { errors in
                    nonisolated(unsafe) let (rows, scales, errors) = (rows, scales, errors)
                    DispatchQueue.concurrentPerform(iterations: (range.count + Self.piece - 1) / Self.piece) { part in
                        let deriver = KeyDeriver(ring, dimension: dimension)
                        var numbers = [Double](repeating: 0, count: dimension)
                        for index in part * Self.piece..<min((part + 1) * Self.piece, range.count) {
                            let label = ring.label(at: range.lowerBound + index).label
                            let row = UnsafeMutableBufferPointer(rebasing: rows[index * stride..<(index + 1) * stride])
                            let (scale, norm, error) = numbers.withUnsafeMutableBufferPointer { numbers in
                                deriver.write(label, to: numbers)
                                return QuantizedVector.write(UnsafeBufferPointer(numbers), to: row)
                            }
                            scales[index] = Float(scale / norm)
                            errors[index] = Float(error).nextUp
                        }
                        numbers.withUnsafeMutableBytes { bytes in
                            if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
                        }
                    }
                }
            }
        }
    }
}
