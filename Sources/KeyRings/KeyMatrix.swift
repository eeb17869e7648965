import CKeyScan
import Files
import Foundation
import InputErrors
import RingKeys

/// The own numbers of a ring's derived keys as whole numbers, for the pass over all of them: a row a key with its scale, and the
/// norm of what rounding left of it. Made from the secret, in memory or in a file that is mapped.
package final class KeyMatrix: Sendable {
    /// Rows.
    package let count: Int
    /// Numbers of a key.
    package let dimension: Int
    /// Bytes of a row.
    package let stride: Int
    /// Written before the object is shared, read afterwards.
    private nonisolated(unsafe) let memory: UnsafeMutableRawBufferPointer
    private let start: Int

    /// Bytes of a row.
    static func stride(_ dimension: Int) -> Int {
        let alignment = Int(CKEYSCAN_ALIGNMENT)
        return (dimension + alignment - 1) / alignment * alignment
    }

    /// Bytes of rows, scales and errors.
    static func length(count: Int, dimension: Int) -> Int { count * (stride(dimension) + 8) }

    /// Takes mapped memory over.
    /// - Parameters:
    ///   - memory: from `mmap`.
    ///   - start: where the rows begin in it.
    init(count: Int, dimension: Int, memory: UnsafeMutableRawBufferPointer, start: Int) {
        precondition(
            memory.count == start + Self.length(count: count, dimension: dimension),
            "\(memory.count) bytes for \(count) rows of \(dimension)")
        self.count = count
        self.dimension = dimension
        self.memory = memory
        self.start = start
        stride = Self.stride(dimension)
    }

    deinit {
        if let base = memory.baseAddress { munmap(base, memory.count) }
    }

    /// A matrix in memory.
    /// - Parameters:
    ///   - ring: with at least one label.
    ///   - observe: told how many rows are done.
    /// - Throws: `InputError` where there is no memory.
    package convenience init(_ ring: KeyRing, observe: (Int) -> Void = { _ in }) throws {
        let dimension = ring.ownDimension
        let length = Self.length(count: ring.count, dimension: dimension)
        try Memory.require(length, for: ring.path)
        guard let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED
        else {
            throw InputError(
                ring.path, expected: "\(length) bytes of memory", found: systemMessage(errno), as: .noMemory)
        }
        madvise(start, length, Int32(MADV_DONTDUMP))
        let memory = UnsafeMutableRawBufferPointer(start: start, count: length)
        self.init(count: ring.count, dimension: dimension, memory: memory, start: 0)
        let rows = ring.count * stride
        try MatrixRows.forEachChunk(of: ring, dimension: dimension, observe: observe) { first, chunk in
            func put(_ bytes: UnsafeRawBufferPointer, at place: Int) {
                UnsafeMutableRawBufferPointer(rebasing: memory[place..<place + bytes.count]).copyMemory(from: bytes)
            }
            chunk.rows.withUnsafeBytes { put($0, at: first * self.stride) }
            chunk.scales.withUnsafeBytes { put($0, at: rows + 4 * first) }
            chunk.errors.withUnsafeBytes { put($0, at: rows + 4 * (self.count + first)) }
        }
    }

    /// All rows.
    package var rows: UnsafeBufferPointer<Int8> {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[start..<start + count * stride])
            .bindMemory(to: Int8.self)
    }

    /// For each row the scale over the norm of the key's numbers.
    package var scales: UnsafeBufferPointer<Float> { floats(0) }
    /// For each row the norm of what rounding left over that of the key's numbers, rounded up.
    package var errors: UnsafeBufferPointer<Float> { floats(1) }

    private func floats(_ part: Int) -> UnsafeBufferPointer<Float> {
        let first = start + count * stride + part * 4 * count
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[first..<first + 4 * count])
            .bindMemory(to: Float.self)
    }
}
